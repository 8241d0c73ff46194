// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "reload/block_memory.h"

#include <algorithm>
#include <utility>

namespace patchpipe {

struct BlockMemory::Head {
    std::int64_t frame;
    double seconds;
    std::uint32_t frames, events, changes, playing, hears, reserved;
};

struct BlockMemory::Event {
    std::uint32_t offset, begin, size;
};

struct BlockMemory::Change {
    std::uint64_t parameter;
    double value;
};

// Where each part begins, and where the last one ends.
struct BlockMemory::Layout {
    explicit Layout(const BlockSizes& sizes)
        : frames(static_cast<std::size_t>(sizes.block_size)),
          changes(sizeof(Head)),
          events(changes + sizes.parameters * sizeof(Change)),
          meters(events + room.events * sizeof(Event)),
          inputs(meters + sizes.meters * sizeof(float)),
          outputs(inputs + static_cast<std::size_t>(sizes.inputs) * frames * sizeof(float)),
          bytes(outputs + static_cast<std::size_t>(sizes.channels) * frames * sizeof(float)),
          end(bytes + room.bytes) {}

    std::size_t frames, changes, events, meters, inputs, outputs, bytes, end;
};

namespace {

std::vector<float*> channels_at(char* memory, int channels, std::size_t frames) {
    std::vector<float*> pointers;
    for (std::size_t i = 0; i < static_cast<std::size_t>(channels); ++i)
        pointers.push_back(reinterpret_cast<float*>(memory) + i * frames);
    return pointers;
}

template <typename Item>
std::span<Item> items_at(char* memory, std::size_t count) {
    return {reinterpret_cast<Item*>(memory), count};
}

}  // namespace

BlockSizes BlockSizes::of(const Record& request) {
    const auto size = [&](std::string_view key) {
        return static_cast<int>(request.integer(key).value_or(0));
    };
    return {.block_size = size("block_size"),
            .inputs = size("inputs"),
            .channels = size("channels"),
            .parameters = static_cast<std::size_t>(size("parameter_count")),
            .meters = static_cast<std::size_t>(size("meter_count"))};
}

void BlockSizes::set_in(Record& request) const {
    request.set("block_size", block_size);
    request.set("inputs", inputs);
    request.set("channels", channels);
    request.set("parameter_count", parameters);
    request.set("meter_count", meters);
}

BlockMemory::BlockMemory(const BlockSizes& sizes)
    : BlockMemory(make_shared_memory("patchpipe-block", Layout(sizes).end), sizes) {}

BlockMemory::BlockMemory(Descriptor fd, const BlockSizes& sizes)
    : fd_(std::move(fd)), sizes_(sizes), memory_(fd_, Layout(sizes).end) {
    const Layout layout(sizes);
    auto* begin = memory_.begin();
    head_ = reinterpret_cast<Head*>(begin);
    changes_ = items_at<Change>(begin + layout.changes, sizes.parameters);
    events_ = items_at<Event>(begin + layout.events, room.events);
    meters_ = items_at<float>(begin + layout.meters, sizes.meters);
    inputs_ = channels_at(begin + layout.inputs, sizes.inputs, layout.frames);
    outputs_ = channels_at(begin + layout.outputs, sizes.channels, layout.frames);
    bytes_ = items_at<std::uint8_t>(begin + layout.bytes, room.bytes);
    block_events_.reserve(room.events);
    block_changes_.reserve(sizes.parameters);
}

void BlockMemory::write(const Block& block) {
    std::size_t used = 0, events = 0, changes = 0;
    for (const auto& event : block.events) {
        if (events == events_.size() || event.bytes.size() > bytes_.size() - used) break;
        std::copy(event.bytes.begin(), event.bytes.end(),
                  bytes_.begin() + static_cast<std::ptrdiff_t>(used));
        events_[events++] = {static_cast<std::uint32_t>(event.offset),
                             static_cast<std::uint32_t>(used),
                             static_cast<std::uint32_t>(event.bytes.size())};
        used += event.bytes.size();
    }
    for (const auto& change : block.parameters)
        if (changes < changes_.size()) changes_[changes++] = {change.parameter, change.value};
    if (block.audio)
        for (std::size_t i = 0; i < inputs_.size(); ++i)
            std::copy_n(block.audio[i], block.frames, inputs_[i]);
    *head_ = {.frame = block.transport.frame,
              .seconds = block.transport.seconds,
              .frames = static_cast<std::uint32_t>(block.frames),
              .events = static_cast<std::uint32_t>(events),
              .changes = static_cast<std::uint32_t>(changes),
              .playing = block.transport.playing,
              .hears = block.audio != nullptr,
              .reserved = 0};
}

Block BlockMemory::read() {
    block_events_.clear();
    block_changes_.clear();
    for (const auto& event : events_.first(std::min<std::size_t>(head_->events, events_.size())))
        block_events_.push_back(
            {static_cast<int>(event.offset), bytes_.subspan(event.begin, event.size)});
    for (const auto& change :
         changes_.first(std::min<std::size_t>(head_->changes, changes_.size())))
        block_changes_.push_back({change.parameter, change.value});
    Transport transport;
    transport.frame = head_->frame;
    transport.seconds = head_->seconds;
    transport.playing = head_->playing != 0;
    return {.frames = static_cast<int>(head_->frames),
            .events = block_events_,
            .parameters = block_changes_,
            .transport = transport,
            .audio = head_->hears != 0 ? inputs_.data() : nullptr};
}

void BlockMemory::write_outputs(const float* const* channels, int frames) {
    for (std::size_t i = 0; i < outputs_.size(); ++i) std::copy_n(channels[i], frames, outputs_[i]);
}

void BlockMemory::write_meters(std::span<const float> values) {
    std::copy_n(values.begin(), std::min(values.size(), meters_.size()), meters_.begin());
}

}  // namespace patchpipe
