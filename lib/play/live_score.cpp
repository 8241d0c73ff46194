// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "play/live_score.h"

#include <algorithm>
#include <utility>

#include "base/error.h"

namespace patchpipe {
namespace {

// The other side posts whenever something changes, so this only bounds a mistake.
constexpr std::chrono::milliseconds look_again{100};

constexpr std::uint8_t note_off_status = 0x80;

constexpr auto by_frame = [](const auto& a, const auto& b) { return a.frame < b.frame; };

// The first of these, which are in order, that is behind this frame.
template <typename Events>
auto first_behind(Events& events, std::int64_t frame) {
    return std::upper_bound(events.begin(), events.end(), frame,
                            [](std::int64_t at, const auto& event) { return at < event.frame; });
}

// Puts events in order, of which so many are. At one frame they stay as they came.
template <typename Event>
void merge_behind(std::vector<Event>& events, std::size_t in_order) {
    const auto middle = events.begin() + static_cast<std::ptrdiff_t>(in_order);
    std::stable_sort(middle, events.end(), by_frame);
    std::inplace_merge(events.begin(), middle, events.end(), by_frame);
}

}  // namespace

LiveScore::LiveScore(PlayLink& link, LiveSettings settings)
    : link_(link), settings_(std::move(settings)), end_(settings_.frames + settings_.latency) {
    events_.reserve(usually_waiting);
    spare_.reserve(usually_waiting);
    constexpr std::size_t usual_message = 3;
    for (std::size_t i = 0; i < usually_waiting; ++i) {
        spare_.push_back({});
        spare_.back().bytes.reserve(usual_message);
    }
    moves_.reserve(usually_waiting);
    changes_.reserve(usually_waiting);
    heard_.resize(static_cast<std::size_t>(settings_.inputs * settings_.block_size));
}

std::int64_t LiveScore::block_end(std::int64_t begin, int longest) {
    const auto played = events_.begin() + static_cast<std::ptrdiff_t>(taken_);
    std::move(events_.begin(), played, std::back_inserter(spare_));
    events_.erase(events_.begin(), played);
    taken_ = 0;
    auto& board = link_.board();
    for (;;) {
        ++board.beats;
        const auto seen = board.to_player.count();
        if (board.stopped) return begin;
        const auto known = board.known_until.load(std::memory_order_acquire);
        take_what_came(begin);
        const auto end = longest_end(begin, longest);
        if (end <= begin || known >= end) return end;
        if (is_full()) return std::clamp(known, begin + 1, end);
        board.to_player.wait(seen, look_again);
    }
}

std::int64_t LiveScore::longest_end(std::int64_t begin, int longest) const {
    const auto& borders = settings_.borders;
    const auto border = std::upper_bound(borders.begin(), borders.end(), begin);
    const auto end = std::min(begin + longest, end_);
    return border == borders.end() ? end : std::min(end, *border);
}

// A note takes two places.
bool LiveScore::has_place() const {
    return events_.size() + 2 <= most_waiting && moves_.size() < most_waiting;
}

// True if no event more can come before some are played: waiting for what is not known would never
// end.
bool LiveScore::is_full() const {
    return !has_place() && link_.events().available() == link_.events().capacity();
}

void LiveScore::take_what_came(std::int64_t begin) {
    const auto events_before = events_.size(), moves_before = moves_.size();
    bool took = false;
    while (link_.events().available() > 0 && has_place()) {
        LiveEvent event;
        link_.events().read({&event, 1});
        took = true;
        take(event, begin);
    }
    if (!took) return;
    put_in_order(events_before, moves_before);
    link_.board().to_device.post();
}

// Those behind the first ones are new.
void LiveScore::put_in_order(std::size_t events_before, std::size_t moves_before) {
    merge_behind(moves_, moves_before);
    if (events_.size() == events_before) return;
    const auto first = std::min_element(
        events_.begin() + static_cast<std::ptrdiff_t>(events_before), events_.end(), by_frame);
    const auto changed_from = first->frame;
    merge_behind(events_, events_before);
    make_room(changed_from);
}

void LiveScore::take(const LiveEvent& event, std::int64_t begin) {
    const bool is_late = event.frame != as_soon_as_possible && event.frame < begin;
    const auto frame = std::max(event.frame, begin);
    switch (event.kind) {
        case LiveEvent::Kind::midi:
            place(event, frame, event.message());
            break;
        case LiveEvent::Kind::note: {
            const auto on = event.message();
            const std::uint8_t off[] = {
                static_cast<std::uint8_t>(note_off_status | (event.bytes[0] & 0x0f)),
                event.bytes[1], 0};
            place(event, frame, on);
            place(event, frame + event.length, off);
            break;
        }
        case LiveEvent::Kind::parameter:
            moves_.push_back({frame, event.line, event.parameter, event.value, {}});
            break;
        case LiveEvent::Kind::text: {
            const auto text = event.message();
            moves_.push_back(
                {frame, event.line, event.parameter, 0, std::string(text.begin(), text.end())});
            break;
        }
        case LiveEvent::Kind::reset:
            moves_.push_back({frame, event.line, 0, 0, {}, true});
            break;
        case LiveEvent::Kind::stop:
            return end_at(frame);
        case LiveEvent::Kind::last:
            return end_at(std::max(frame, last_) + event.length);
    }
    last_ = std::max(last_, frame + event.length);
    if (is_late) note(event, LiveNote::Kind::late, begin - event.frame);
}

// A frame of the events is heard at that frame, when the latency has passed.
void LiveScore::end_at(std::int64_t frame) { end_ = std::min(end_, frame + settings_.latency); }

void LiveScore::place(const LiveEvent& event, std::int64_t frame,
                      std::span<const std::uint8_t> bytes) {
    auto room = settings_.room;
    if (!room.take(bytes.size()))
        return note(event, LiveNote::Kind::refused, 0,
                    "the plug-in cannot take a MIDI message of that length");
    ScoreEvent placed{};
    if (!spare_.empty()) {
        placed = std::move(spare_.back());
        spare_.pop_back();
    }
    placed.frame = frame;
    placed.bytes.assign(bytes.begin(), bytes.end());
    events_.push_back(std::move(placed));
}

// A block has at least one frame, so what is too much for one goes to the next frames. Up to this
// frame all events fit.
void LiveScore::make_room(std::int64_t frame) {
    auto room = settings_.room;
    for (auto event = first_behind(events_, frame - 1); event != events_.end(); ++event) {
        if (event->frame > frame) {
            frame = event->frame;
            room = settings_.room;
        }
        if (!room.take(event->bytes.size())) {
            ++frame;
            room = settings_.room;
            (void)room.take(event->bytes.size());
        }
        event->frame = frame;
    }
}

std::span<const ScoreEvent> LiveScore::events() const { return std::span(events_).subspan(taken_); }

std::span<const ParameterChange> LiveScore::changes_at(std::int64_t begin) {
    changes_.clear();
    const auto due = first_behind(moves_, begin);
    for (auto move = moves_.begin(); move != due; ++move) try {
            if (move->resets) {
                settings_.reset();
                continue;
            }
            const auto value =
                move->text ? settings_.convert(move->parameter, *move->text) : move->value;
            std::erase_if(changes_,
                          [&](const auto& change) { return change.parameter == move->parameter; });
            changes_.push_back({move->parameter, value});
        } catch (const Error& error) {
            LiveEvent of_line;
            of_line.line = move->line;
            note(of_line, LiveNote::Kind::refused, 0, error.what());
        }
    moves_.erase(moves_.begin(), due);
    return changes_;
}

std::int64_t LiveScore::next_change(std::int64_t begin, std::int64_t end) const {
    const auto next = first_behind(moves_, begin);
    return next == moves_.end() ? end : std::min(end, next->frame);
}

void LiveScore::read_audio(std::span<float* const> channels, int frames) {
    auto& board = link_.board();
    const auto stride = channels.size();
    const auto heard = std::span(heard_).first(static_cast<std::size_t>(frames) * stride);
    std::fill(heard.begin(), heard.end(), 0.0F);
    for (;; ++board.beats) {
        const auto seen = board.to_player.count();
        if (link_.input().available() >= heard.size()) {
            link_.input().read(heard);
            board.to_device.post();
            break;
        }
        if (board.stopped) break;
        board.to_player.wait(seen, look_again);
    }
    for (std::size_t channel = 0; channel < stride; ++channel)
        for (std::size_t i = 0; i < static_cast<std::size_t>(frames); ++i)
            channels[channel][i] = heard[i * stride + channel];
}

// Too many of them are not kept.
void LiveScore::note(const LiveEvent& event, LiveNote::Kind kind, std::int64_t frames,
                     std::string_view text) {
    LiveNote note{.kind = kind, .line = event.line, .frames = frames};
    note.size = static_cast<std::uint32_t>(std::min(text.size(), note.text.size()));
    std::copy_n(text.begin(), note.size, note.text.begin());
    if (link_.notes().room() > 0) link_.notes().write({&note, 1});
}

}  // namespace patchpipe
