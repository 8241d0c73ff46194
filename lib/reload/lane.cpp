// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "reload/lane.h"

#include <cmath>
#include <utility>

namespace patchpipe {
namespace {

bool has_non_finite(const float* const* channels, int count, int frames) {
    for (int channel = 0; channel < count; ++channel)
        for (int i = 0; i < frames; ++i)
            if (!std::isfinite(channels[channel][i])) return true;
    return false;
}

}  // namespace

Lane::Lane(std::unique_ptr<Generation> generation, OwnIndices indices, int block_size, int delay)
    : generation_(std::move(generation)),
      indices_(std::move(indices)),
      delay_(generation_->channels(), block_size, delay) {}

void Lane::resume(const HeldNotes& held, PlacedValues values) {
    delay_.clear();
    hear_first(std::exchange(releases_, {}));
    for (auto& message : held.replay()) first_events_.push_back(std::move(message));
    set_first(std::move(values));
}

// What the block itself brings must not be lost for want of room.
std::vector<BlockEvent> Lane::events_for(const Block& block) const {
    std::vector<BlockEvent> events;
    auto room = generation_->event_room();
    for (const auto& event : block.events) (void)room.take(event.bytes.size());
    for (const auto& message : first_events_)
        if (room.take(message.size())) events.push_back({0, message});
    events.insert(events.end(), block.events.begin(), block.events.end());
    return events;
}

std::vector<ParameterChange> Lane::changes_for(const Block& block) const {
    auto values = first_values_;
    for (const auto& [place, value] : block.parameters) values[place] = value;
    std::vector<ParameterChange> changes;
    for (const auto& [place, value] : values)
        if (const auto index = index_of(place)) changes.push_back({*index, value});
    return changes;
}

const float* const* Lane::play(const Block& block) {
    const auto events = events_for(block);
    const auto changes = changes_for(block);
    auto own = block;
    own.events = events;
    own.parameters = changes;
    const auto* channels = generation_->process(own);
    first_events_.clear();
    first_values_.clear();
    blown_up_ = has_non_finite(channels, generation_->channels(), block.frames);
    return delay_.process(channels, block.frames);
}

}  // namespace patchpipe
