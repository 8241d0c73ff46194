// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "shell/playing_build.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace patchpipe {
namespace {

constexpr std::size_t reserved_events = 4096;  // more of them in a block allocate

void mean(const float* one, const float* other, std::vector<float>& to, int frames) {
    for (std::size_t i = 0; i < static_cast<std::size_t>(frames); ++i)
        to[i] = (one[i] + other[i]) / 2;
}

}  // namespace

PlayingBuild::PlayingBuild(std::unique_ptr<Processor> processor, const SlotIndices& slots,
                           const PlayingSettings& settings)
    : processor_(std::move(processor)),
      slots_(slots),
      settings_(settings),
      output_delay_(settings.outputs, settings.block_size, settings.delay),
      input_delay_(settings.outputs, settings.block_size, latency_frames()),
      mean_(static_cast<std::size_t>(settings.block_size)),
      silence_(mean_.size()),
      inputs_(static_cast<std::size_t>(processor_->info().inputs)),
      outputs_(static_cast<std::size_t>(settings.outputs), mean_),
      through_(outputs_.size()) {
    for (auto& output : outputs_) pointers_.push_back(output.data());
    events_.reserve(reserved_events);
    changes_.reserve(slot_count);
}

void PlayingBuild::drop_delay() {
    settings_.delay = 0;
    output_delay_ = {settings_.outputs, settings_.block_size, 0};
    input_delay_ = {settings_.outputs, settings_.block_size, latency_frames()};
}

void PlayingBuild::clear() {
    first_.clear();
    output_delay_.clear();
    input_delay_.clear();
    processor_->settle();
}

const float* const* PlayingBuild::play(Block block, std::span<const float* const> inputs,
                                       std::span<const std::size_t> news,
                                       std::span<const SlotValue, slot_count> values) {
    changes_.clear();
    for (const auto slot : news)
        if (slots_[slot])
            changes_.push_back(
                {.parameter = *slots_[slot], .value = meant_value(values[slot].get())});
    block.parameters = changes_;
    block.audio = inputs_of(inputs, block.frames);
    block.events = events_of(block);
    take_outputs(processor_->process(block), block.frames);
    silence_non_finite(block.frames);
    has_begun_ = true;
    late_input_ = input_delay_.process(through(inputs), block.frames);
    return output_delay_.process(pointers_.data(), block.frames);
}

const float* const* PlayingBuild::through(std::span<const float* const> inputs) {
    for (std::size_t i = 0; i < through_.size(); ++i)
        through_[i] = inputs.empty() ? silence_.data() : inputs[std::min(i, inputs.size() - 1)];
    return through_.data();
}

const float* const* PlayingBuild::inputs_of(std::span<const float* const> inputs, int frames) {
    std::fill(inputs_.begin(), inputs_.end(), nullptr);
    if (inputs_.size() == 1 && inputs.size() > 1) {
        mean(inputs[0], inputs[1], mean_, frames);
        inputs_[0] = mean_.data();
    } else if (inputs.size() == 1) {
        std::fill_n(inputs_.begin(), std::min<std::size_t>(2, inputs_.size()), inputs[0]);
    } else {
        std::copy_n(inputs.begin(), std::min(inputs.size(), inputs_.size()), inputs_.begin());
    }
    return inputs_.data();
}

std::span<const BlockEvent> PlayingBuild::events_of(const Block& block) {
    if (has_begun_ || first_.empty()) return block.events;
    events_.clear();
    for (const auto& message : first_) events_.push_back({.offset = 0, .bytes = message});
    events_.insert(events_.end(), block.events.begin(), block.events.end());
    return events_;
}

void PlayingBuild::silence_non_finite(int frames) {
    blown_up_ = false;
    for (auto& output : outputs_)
        for (auto& sample : std::span(output).first(static_cast<std::size_t>(frames)))
            if (!std::isfinite(sample)) {
                sample = 0;
                blown_up_ = true;
            }
}

void PlayingBuild::take_outputs(const float* const* channels, int frames) {
    const auto count = static_cast<std::size_t>(processor_->channels());
    if (outputs_.size() == 1 && count > 1)
        return mean(channels[0], channels[1], outputs_[0], frames);
    for (std::size_t i = 0; i < outputs_.size(); ++i) {
        const auto* const from = count == 1 ? channels[0] : i < count ? channels[i] : nullptr;
        if (from)
            std::copy_n(from, frames, outputs_[i].begin());
        else
            std::fill_n(outputs_[i].begin(), frames, 0.0F);
    }
}

}  // namespace patchpipe
