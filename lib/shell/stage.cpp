// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "shell/stage.h"

#include <algorithm>
#include <utility>

#include "base/real_time.h"
#include "reload/alignment.h"
#include "render/meters.h"

namespace patchpipe {
namespace {

constexpr std::size_t heard_room = 65536, late_room = 4096, late_bytes_room = 65536;
constexpr std::size_t usual_events = 4096;
constexpr std::size_t most_retired = 64;
constexpr std::uint8_t forget_all = 0xff;  // a message of our own

void note(const MidiBytes& message, HeldNotes& notes) {
    if (message[0] == forget_all)
        notes = HeldNotes();
    else
        notes.take(message);
}

std::int64_t now() { return RealClock::now().time_since_epoch().count(); }

}  // namespace

Stage::Stage()
    : heard_items_(heard_room),
      heard_(heard_ends_, heard_items_),
      hearing_(heard_ends_, heard_items_) {
    late_.reserve(late_room);
    late_bytes_.reserve(late_bytes_room);
    events_.reserve(usual_events);
    part_events_.reserve(usual_events);
    news_.reserve(slot_count);
    retired_.reserve(most_retired);
}

// An offline render has time to wait for what is on its way, so it depends on no clock.
std::unique_lock<std::mutex> Stage::lock_for(const HostBlock& block) {
    constexpr std::chrono::seconds longest{60};
    const auto until = RealClock::now() + longest;
    while (block.offline && waits_ && RealClock::now() < until)
        real_sleep(std::chrono::milliseconds(1));
    if (block.offline) return std::unique_lock(mutex_);
    return {mutex_, std::try_to_lock};
}

void Stage::process(const HostBlock& block) {
    // Hosts flush parameters with a block of no frames; the next one tells the code.
    if (block.frames == 0) return keep_events(block);
    const auto lock = lock_for(block);
    if (!lock) return skip(block);
    if (reset_asked_.exchange(false)) clear_sound();
    take_events(block);
    news_.clear();
    for (std::size_t slot = 0; slot < slot_count; ++slot) {
        if (!values_[slot].take_news()) continue;
        news_.push_back(slot);
        changed_[slot] = true;
    }
    for (int begin = 0; begin < block.frames; begin += settings_.block_size)
        play_part(block, begin, std::min(settings_.block_size, block.frames - begin));
    late_.clear();
    late_bytes_.clear();
    note_latency();
    last_was_offline_ = block.offline;
    last_block_ = now();
}

void Stage::skip(const HostBlock& block) {
    if (block.bypassed)
        give(nullptr, block, 0, block.frames);
    else
        for (auto* output : block.outputs) std::fill_n(output, block.frames, 0.0F);
    keep_events(block);
    ++skipped_;
}

// For the next block: a note whose end is lost would sound for ever.
void Stage::keep_events(const HostBlock& block) {
    for (const auto& event : block.events) {
        if (late_.size() == late_room ||
            late_bytes_.size() + event.bytes.size() > late_bytes_room) {
            ++lost_;
            continue;
        }
        late_.push_back({late_bytes_.size(), event.bytes.size()});
        late_bytes_.insert(late_bytes_.end(), event.bytes.begin(), event.bytes.end());
    }
}

void Stage::take_events(const HostBlock& block) {
    events_.clear();
    for (const auto& late : late_)
        events_.push_back(
            {.offset = 0, .bytes = std::span(late_bytes_).subspan(late.begin, late.size)});
    events_.insert(events_.end(), block.events.begin(), block.events.end());
    for (const auto& event : events_) remember(event.bytes);
}

void Stage::remember(std::span<const std::uint8_t> message) {
    Message heard{};
    if (message.empty() || message.size() > heard.bytes.size()) return;
    std::copy(message.begin(), message.end(), heard.bytes.begin());
    heard.size = static_cast<std::uint8_t>(message.size());
    if (heard_.room() > 0) heard_.write({&heard, 1});
}

void Stage::clear_sound() {
    remember(std::array{forget_all});
    retire(before_);
    if (!current_) return;
    try {
        current_->clear();
    } catch (...) {
        failure_ = std::current_exception();
        retire(current_);
    }
}

void Stage::reset() {
    reset_asked_ = true;
    const std::unique_lock lock(mutex_, std::try_to_lock);
    if (lock && reset_asked_.exchange(false)) clear_sound();
}

void Stage::play_part(const HostBlock& block, int begin, int frames) {
    part_inputs_.clear();
    for (const auto* input : block.inputs) part_inputs_.push_back(input + begin);
    part_events_.clear();
    for (const auto& event : events_)
        if (event.offset >= begin && event.offset < begin + frames)
            part_events_.push_back({.offset = event.offset - begin, .bytes = event.bytes});
    Block part{.frames = frames, .events = part_events_, .transport = block.transport};
    const double seconds = static_cast<double>(begin) / settings_.sample_rate;
    part.transport.frame += begin;
    part.transport.seconds += seconds;
    part.transport.music.quarters += seconds * part.transport.music.bpm / 60;

    if (!current_) std::swap(current_, before_);
    const auto* now_heard = current_ ? play(current_, part, part_inputs_) : nullptr;
    const auto* before = before_ ? play(before_, part, part_inputs_) : nullptr;
    news_.clear();  // told
    // A build that fails while it fades in gives way to the one before it.
    if (!now_heard && before) {
        std::swap(current_, before_);
        now_heard = std::exchange(before, nullptr);
    }
    if (block.bypassed && now_heard) {
        now_heard = (before ? before_ : current_)->input();  // the two are the same
    } else if (now_heard && before) {
        fade_.mix(before, now_heard, frame_, frames, mixed_);
        now_heard = mixed_pointers_.data();
    }
    frame_ += frames;
    if (before_ && frame_ >= fade_.end()) retire(before_);
    give(now_heard, block, begin, frames);
}

// Null if it failed: it plays no more then.
const float* const* Stage::play(std::unique_ptr<PlayingBuild>& build, const Block& block,
                                std::span<const float* const> inputs) {
    try {
        const auto* const channels = build->play(block, inputs, news_, values_);
        if (auto* meters = build == current_ ? build->processor().meters() : nullptr) {
            const auto values = meters->meter_values();
            for (std::size_t i = 0; i < std::min(values.size(), meters_.size()); ++i)
                meters_[i] = values[i];
        }
        return channels;
    } catch (...) {
        failure_ = std::current_exception();
        retire(build);
        return nullptr;
    }
}

// Without any code an effect lets its input through.
void Stage::give(const float* const* channels, const HostBlock& block, int begin, int frames) {
    for (std::size_t i = 0; i < block.outputs.size(); ++i) {
        auto* const output = block.outputs[i] + begin;
        if (channels)
            std::copy_n(channels[std::min(i, mixed_.size() - 1)], frames, output);
        else if (block.inputs.empty())
            std::fill_n(output, frames, 0.0F);
        else if (const auto* input = block.inputs[std::min(i, block.inputs.size() - 1)] + begin;
                 input != output)
            std::copy_n(input, frames, output);
    }
}

// It is for another thread to destroy it, which comes ten times a second; until then there is room.
void Stage::retire(std::unique_ptr<PlayingBuild>& build) {
    if (!build || retired_.size() == most_retired) return;
    retired_.push_back(std::move(build));
    has_left_ = true;
}

// A lock right after a block disturbs none, if it is short. Where no blocks come there is nothing
// to wait for.
std::unique_lock<std::mutex> Stage::lock_between_blocks() {
    using namespace std::chrono_literals;
    constexpr std::chrono::nanoseconds playing = 200ms;
    const auto seen = last_block_.load();
    const auto until = seen + playing.count();
    while (!last_was_offline_ && last_block_ == seen && now() < until) real_sleep(100us);
    return std::unique_lock(mutex_);
}

void Stage::prepare(const StageSettings& settings) {
    std::vector<std::unique_ptr<PlayingBuild>> ended;
    const std::lock_guard lock(mutex_);
    settings_ = settings;
    for (auto* build : {&current_, &before_})
        if (*build) ended.push_back(std::move(*build));
    note_latency();
    mixed_.assign(settings.outputs,
                  std::vector<float>(static_cast<std::size_t>(settings.block_size)));
    mixed_pointers_.clear();
    for (auto& channel : mixed_) mixed_pointers_.push_back(channel.data());
    part_inputs_.reserve(mixed_.size());
}

void Stage::drop_delay() {
    const auto lock = lock_between_blocks();
    retire(before_);
    if (current_) current_->drop_delay();
    note_latency();
}

void Stage::visit(const std::function<void(Processor&)>& visitor) {
    const auto lock = lock_between_blocks();
    if (current_) visitor(current_->processor());
}

bool Stage::begin_change(HeldNotes& notes, const std::function<void(Processor&)>& visitor) {
    const auto lock = lock_between_blocks();
    note_heard(notes);
    changed_.fill(false);
    if (current_) visitor(current_->processor());
    return current_ && current_->has_blown_up();
}

void Stage::change(Change change, HeldNotes& notes) {
    std::vector<std::unique_ptr<PlayingBuild>> ended;
    const auto lock = lock_between_blocks();
    std::vector<MidiBytes> since;
    bool cleared = false;
    read_heard([&](const MidiBytes& message) {
        cleared = cleared || message[0] == forget_all;
        if (message[0] == forget_all)
            since.clear();
        else
            since.push_back(message);
        note(message, notes);
    });
    auto& next = change.next;
    if (next && change.sounds && cleared) next->processor().settle();
    if (next) next->set_first_events(change.sounds ? std::move(since) : notes.replay());
    if (before_) ended.push_back(std::move(before_));  // its fade was not over
    before_ = std::exchange(current_, std::move(next));
    if (before_ && !(change.goes_on && current_)) ended.push_back(std::move(before_));
    if (before_)
        fade_ = Alignment{before_->latency_frames()}.fade_to(current_->latency_frames(), frame_,
                                                             settings_.fade_frames);
    note_latency();
    set_values(change);
}

void Stage::set_values(const Change& change) {
    for (std::size_t slot = 0; slot < slot_count; ++slot) {
        auto& value = values_[slot];
        const bool set = value.take_news() || changed_[slot];
        if (change.goes_on && set)
            value.tell_again();
        else if (change.values[slot])
            value.follow(*change.values[slot]);
    }
    changed_.fill(false);
}

Stage::Left Stage::take_left() {
    Left left;
    left.builds.reserve(most_retired);
    if (!has_left_.exchange(false)) return left;
    const auto lock = lock_between_blocks();
    std::swap(left.builds, retired_);
    left.failure = std::exchange(failure_, {});
    return left;
}

void Stage::read_heard(const std::function<void(const MidiBytes&)>& take) {
    for (auto count = hearing_.available(); count > 0; --count) {
        Message message{};
        hearing_.read({&message, 1});
        take({message.bytes.begin(), message.bytes.begin() + message.size});
    }
}

void Stage::note_heard(HeldNotes& notes) {
    read_heard([&](const MidiBytes& message) { note(message, notes); });
}

}  // namespace patchpipe
