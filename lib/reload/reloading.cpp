// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "reload/reloading.h"

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "job/parameter_settings.h"
#include "render/hand_over.h"

namespace patchpipe {
namespace {

ProcessorInfo info_of(const Generation& generation) {
    const auto& description = generation.description();
    ProcessorInfo info;
    info.name = description.text("name").value_or("");
    info.kind = description.text("plugin_format").value_or("");
    info.id = description.text("plugin_id").value_or("");
    info.inputs = generation.inputs();
    return info;
}

// The id of a Faust program or a chain only says where it is.
bool names_files(const std::string& id) { return id.starts_with('/') || id.starts_with('['); }

std::string counts(int before, int after, std::string_view what) {
    return "has " + std::to_string(after) + " " + std::string(what) + ", and the build before " +
           std::to_string(before);
}

// Otherwise its process goes on.
bool ended_process(const Error& error) {
    return error.kind() == ErrorKind::crash || error.kind() == ErrorKind::timeout;
}

}  // namespace

Reloading::Reloading(std::unique_ptr<Generation> first, ReloadingSettings settings, News& news)
    : settings_(std::move(settings)),
      news_(news),
      info_(info_of(*first)),
      channels_(first->channels()),
      alignment_{.latency = first->latency_frames()},
      room_(first->event_room()),
      offers_(settings_.script ? Offers::Order::each : Offers::Order::newest),
      comparison_(settings_.fade_frames),
      mixed_(static_cast<std::size_t>(channels_),
             std::vector<float>(static_cast<std::size_t>(settings_.block_size))) {
    for (auto& channel : mixed_) pointers_.push_back(channel.data());
    current_ = lane_of(std::move(first));
}

// The later one is then in time too.
void Reloading::compare_with(std::unique_ptr<Generation> old) {
    alignment_.latency = std::max(alignment_.latency, old->latency_frames());
    old_ = lane_of(std::move(old));
    current_ = lane_of(current_->release());
}

std::optional<std::string> Reloading::complaint(const Generation& next) const {
    const auto kind = next.description().text("plugin_format").value_or(""),
               id = next.description().text("plugin_id").value_or("");
    if (kind != info_.kind)
        return "is of the kind " + in_quotes(kind) + ", and the build before " +
               in_quotes(info_.kind);
    if (id != info_.id && !names_files(id))
        return "has the id " + in_quotes(id) + ", and the build before " + in_quotes(info_.id) +
               ": it is another plug-in";
    if (next.channels() != channels_) return counts(channels_, next.channels(), "output channels");
    if (next.inputs() != info_.inputs) return counts(info_.inputs, next.inputs(), "input channels");
    if (next.event_room().events < room_.events || next.event_room().bytes < room_.bytes)
        return "takes fewer MIDI events in a block than the build before";
    return {};
}

double Reloading::value_of(std::size_t place, const std::string& text) {
    const auto index = current_ ? current_->index_of(place) : std::nullopt;
    if (!index)
        throw Error(ErrorKind::bad_record, "parameter", "is not one of the build that plays now");
    return current_->generation().value_of(*index, text);
}

std::unique_ptr<Lane> Reloading::lane_of(std::unique_ptr<Generation> generation) {
    one_controller_ |= generation->one_controller_a_block();
    auto indices = places_.join(generation->parameters());
    const int delay = alignment_.delay_of(generation->latency_frames());
    return std::make_unique<Lane>(std::move(generation), std::move(indices), settings_.block_size,
                                  delay);
}

PlayPosition Reloading::position(std::int64_t frame) const {
    return {.frame = frame, .sample_rate = settings_.sample_rate};
}

// By a script the one of this frame, else the newest, when the one before has faded in.
std::unique_ptr<Generation> Reloading::next_offer(std::int64_t frame) {
    if (const auto& script = settings_.script) {
        if (reloads_ == script->size() || (*script)[reloads_] > frame) return nullptr;
        ++reloads_;
    } else if (next_) {
        return nullptr;
    }
    return offers_.take();
}

const float* const* Reloading::process(const Block& block) {
    const auto frame = block.transport.frame;
    if (auto offered = next_offer(frame)) {
        if (next_) end_reload();
        begin_reload(std::move(offered), frame);
    }
    const auto* before = play_current(block);
    const auto* after = play_next(block);
    if (!before) {
        skip(block);
    } else if (after) {
        fade_.mix(before, after, frame, block.frames, mixed_);
        if (frame + block.frames >= fade_.end()) end_reload();
    } else {
        for (std::size_t i = 0; i < mixed_.size(); ++i)
            std::copy_n(before[i], block.frames, mixed_[i].begin());
    }
    compare(block);
    remember(block);
    tell_meters(block);
    return pointers_.data();
}

// False if what is known of the sound is older than this block.
bool Reloading::hand_over() {
    if (!current_) return false;
    try {
        auto sound = HandOver::of_bytes(current_->generation().hand_over());
        if (!last_sound_.empty()) remember_earlier(sound, HandOver::of_bytes(last_sound_));
        if (current_->has_blown_up()) drop_blown_up_state(sound);
        last_sound_ = sound.bytes();
        return true;
    } catch (const Error& error) {
        if (ended_process(error))
            replace_current(error);
        else
            news_.tell(error_record("state", error));
        return false;
    }
}

void Reloading::begin_reload(std::unique_ptr<Generation> next, std::int64_t frame) {
    const bool is_of_now = hand_over();
    Record taken("{\"parameters\":[],\"state\":\"none\"}");
    try {
        if (!last_sound_.empty()) taken = next->take_over(last_sound_);
    } catch (const Error& error) {
        news_.tell(rejected_record(next->number(), next->plugin_path(), error));
        return offers_.retire(std::move(next));
    }
    next_ = lane_of(std::move(next));
    const int latency = next_->generation().latency_frames(), later = latency - alignment_.latency;
    // Notes that go on sounding would begin again.
    const auto messages =
        taken.flag("sounds").value_or(false) ? std::vector<MidiBytes>() : held_.replay();
    for (const auto& record : reloaded_records({.generation = next_->generation(),
                              .position = position(frame),
                              .fade_frames = current_ ? settings_.fade_frames : 0,
                              .later_frames = later,
                              .notes = held_.notes(),
                              .messages = messages.size(),
                              .taken = taken}))
        news_.tell(record);
    next_->hear_first(messages);
    next_->set_first(is_of_now ? unheard_ : values_);
    std::erase_if(unheard_, [&](const auto& value) { return next_->index_of(value.first); });
    fade_ = alignment_.fade_to(latency, frame, settings_.fade_frames);
    if (current_) return;
    current_ = std::move(next_);  // nothing to fade from
    silent_ = false;
}

// The next one plays alone. The one before waits, in case that it is needed.
void Reloading::end_reload() {
    retire(std::exchange(waiting_, std::exchange(current_, std::move(next_))));
    if (waiting_) waiting_->wait(held_);
}

void Reloading::retire(std::unique_ptr<Lane> lane) {
    if (lane) offers_.retire(lane->release());
}

const float* const* Reloading::play_current(const Block& block) {
    while (current_) try {
            return current_->play(block);
        } catch (const Error& error) {
            replace_current(error);
        }
    return nullptr;
}

const float* const* Reloading::play_next(const Block& block) {
    if (!next_) return nullptr;
    try {
        return next_->play(block);
    } catch (const Error& error) {
        news_.tell(failed_record(next_->generation().number(),
                                 current_ ? current_->generation().number() : 0, error));
        retire(std::move(next_));
        return nullptr;
    }
}

// By the next one, if it already plays, or by the one that waits.
void Reloading::replace_current(const Error& error) {
    const int failed = current_->generation().number();
    retire(std::move(current_));
    if (next_) {
        current_ = std::move(next_);
    } else if (waiting_) {
        current_ = std::move(waiting_);
        current_->resume(held_, values_);
    }
    news_.tell(failed_record(failed, current_ ? current_->generation().number() : 0, error));
}

void Reloading::skip(const Block& block) {
    for (auto& channel : mixed_) std::fill_n(channel.begin(), block.frames, 0.0F);
    if (std::exchange(silent_, true)) return;
    news_.tell(positioned_record("skipped", position(block.transport.frame)));
}

void Reloading::compare(const Block& block) {
    if (!old_) return;
    for (const auto& [place, value] : block.parameters)
        if (place == listening_parameter) listen(value, block.transport.frame);
    try {
        comparison_.mix(mixed_, old_->play(block), block.frames);
    } catch (const Error& error) {
        news_.tell(failed_record(old_->generation().number(), 0, error));
        retire(std::move(old_));
    }
}

void Reloading::listen(double to, std::int64_t frame) {
    const auto listening = static_cast<Listening>(static_cast<int>(to));
    comparison_.listen(listening);
    auto record = positioned_record("listening", position(frame));
    record.set("to", to_string(listening));
    news_.tell(std::move(record));
}

void Reloading::reset() {
    held_ = {};
    try {
        if (current_) current_->generation().reset();
    } catch (const Error& error) {
        replace_current(error);
    }
    for (auto* lane : {&next_, &old_}) try {
            if (*lane) (*lane)->generation().reset();
        } catch (const Error& error) {
            news_.tell(failed_record((*lane)->generation().number(),
                                     current_ ? current_->generation().number() : 0, error));
            retire(std::move(*lane));
        }
}

// What counts for a generation that comes later.
void Reloading::remember(const Block& block) {
    for (const auto& event : block.events) held_.take(event.bytes);
    for (const auto& [place, value] : block.parameters) {
        if (place == listening_parameter) continue;
        values_[place] = value;
        unheard_.erase(place);
        if (!current_ || current_->index_of(place)) continue;
        unheard_[place] = value;
        tell_gone_parameter(place);
    }
}

// Its value is kept for later builds.
void Reloading::tell_gone_parameter(std::size_t place) {
    if (const auto id = places_.id_at(place))
        news_.tell(error_record("error",
                                Error(ErrorKind::bad_record, "parameter",
                                      in_quotes(*id) + " is not one of the build that plays now")));
}

void Reloading::tell_meters(const Block& block) {
    if (!settings_.meter_frames || !current_) return;
    const auto& generation = current_->generation();
    const auto& ids = generation.meter_ids();
    const auto frame = block.transport.frame;
    if ((ids.empty() && !old_) || frame < next_meters_) return;
    next_meters_ += *settings_.meter_frames;
    Record values("{}");
    for (std::size_t i = 0; i < ids.size(); ++i)
        values.set(ids[i], static_cast<double>(generation.meters()[i]));
    auto record = positioned_record("meter", position(frame));
    record.set("generation", generation.number());
    record.set_json("meters", values.line());
    if (old_) record.set_all(comparison_.take_levels());
    news_.tell(std::move(record));
}

}  // namespace patchpipe
