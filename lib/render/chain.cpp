// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "render/chain.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/words.h"
#include "render/patch.h"

namespace patchpipe {
namespace {

bool all_finite(const float* const* channels, int count, int frames) {
    for (int channel = 0; channel < count; ++channel) {
        float sum = 0;  // of zeros, and of what is not a number where a sample is not finite
        for (int i = 0; i < frames; ++i) sum += channels[channel][i] * 0.0F;
        if (sum != 0) return false;  // also true of NaN
    }
    return true;
}

// One channel stands for as many as are wanted.
const float* channel_of(const float* const* channels, int count, int wanted) {
    return channels[count == 1 ? 0 : wanted];
}

}  // namespace

void Chain::Delay::reset(int channels, int latency, int block_size) {
    const auto count = static_cast<std::size_t>(channels);
    history_.assign(count, std::vector<float>(static_cast<std::size_t>(latency)));
    block_.assign(count, std::vector<float>(static_cast<std::size_t>(block_size)));
    pointers_.clear();
    for (const auto& block : block_) pointers_.push_back(block.data());
    at_ = 0;
}

const float* const* Chain::Delay::delayed(const float* const* input, int frames) {
    if (history_.empty() || history_.front().empty()) return input;
    const auto size = history_.front().size();
    for (std::size_t channel = 0; channel < history_.size(); ++channel) {
        auto at = at_;
        for (int i = 0; i < frames; ++i) {
            block_[channel][static_cast<std::size_t>(i)] = history_[channel][at];
            history_[channel][at] = input[channel][i];
            at = at + 1 == size ? 0 : at + 1;
        }
    }
    at_ = (at_ + static_cast<std::size_t>(frames)) % size;
    return pointers_.data();
}

Chain::Chain(Links links, int block_size)
    : block_size_(block_size),
      not_finite_(links.size()),
      silence_(static_cast<std::size_t>(block_size)) {
    std::vector<std::string> names, ids;
    for (auto& processor : links) {
        names.push_back(processor->info().name);
        ids.push_back(processor->info().id);
        Link link{.processor = std::move(processor)};
        if (auto* patch = link.processor->patch())
            link.parameters = patch->parameter_names().size();
        links_.push_back(std::move(link));
    }
    const auto& first = links_.front().processor->info();
    info_ = {.name = joined(names, " + "),
             .vendor = {},
             .version = {},
             .kind = "chain",
             .id = joined(ids, " + "),
             .is_instrument = first.is_instrument,
             .inputs = first.inputs};
}

std::string Chain::name_of(std::size_t link) const {
    return "link " + std::to_string(link + 1) + ", " + links_[link].processor->info().name;
}

std::size_t Chain::first_parameter(std::size_t link) const {
    std::size_t count = 0;
    for (std::size_t i = 0; i < link; ++i) count += links_[i].parameters;
    return count;
}

// How many channels come out of the first of the links.
int Chain::channels_after(std::size_t links) const {
    if (track_channels_) return *track_channels_;
    for (; links > 0; --links)
        if (!links_[links - 1].mix.bypass) return links_[links - 1].processor->channels();
    return info_.inputs;
}

std::size_t Chain::first_heard() const {
    for (std::size_t i = 0; i < links_.size(); ++i)
        if (!links_[i].mix.bypass) return i;
    return 0;
}

void Chain::set_mix(std::size_t link, const LinkMix& mix) {
    auto& changed = links_[link];
    changed.mix = mix;
    info_.inputs = track_channels_.value_or(links_[first_heard()].processor->info().inputs);
    set_side_chain();
    const auto channels = changed.processor->channels();
    changed.dry.reset(channels_after(link), changed.processor->latency_frames(), block_size_);
    changed.mixed.assign(static_cast<std::size_t>(channels),
                         std::vector<float>(static_cast<std::size_t>(block_size_)));
    changed.outputs.clear();
    for (const auto& one : changed.mixed) changed.outputs.push_back(one.data());
    not_finite_ = links_.size();
}

// As many channels as the link with the most of them takes, behind the inputs of the first.
void Chain::set_side_chain() {
    const auto& first = links_[first_heard()].processor->info();
    info_.side_chain = {
        .channels = 0,
        .first = first.side_chain.channels > 0 ? first.side_chain.first : first.inputs};
    for (const auto& link : links_)
        if (!link.mix.bypass)
            info_.side_chain.channels =
                std::max(info_.side_chain.channels, link.processor->info().side_chain.channels);
    for (std::size_t i = 0; i < links_.size(); ++i)
        links_[i].side_chain.reset(info_.side_chain.channels, latency_before(i), block_size_);
}

void Chain::check_channels() const {
    for (std::size_t i = 0; i < links_.size(); ++i) {
        const auto& link = links_[i];
        if (link.mix.bypass || i == 0) continue;
        const auto given = channels_after(i), taken = link.processor->info().inputs;
        if (taken == 0)
            throw Error(ErrorKind::unsupported, name_of(i),
                        "has no audio input; only the first in a chain may be an instrument");
        if (given > taken && given > 1 && !track_channels_)
            throw Error(ErrorKind::unsupported, name_of(i),
                        "takes " + std::to_string(taken) + " channel" + (taken == 1 ? "" : "s") +
                            ", but gets " + std::to_string(given) +
                            "; put a plug-in between them that takes these");
    }
}

int Chain::latency_before(std::size_t link) const {
    int frames = 0;
    for (std::size_t i = 0; i < link; ++i)
        if (!links_[i].mix.bypass) frames += links_[i].processor->latency_frames();
    return frames;
}

bool Chain::one_controller_a_block() const {
    return links_.front().processor->one_controller_a_block();
}

EventRoom Chain::event_room() const { return links_.front().processor->event_room(); }

void Chain::settle() {
    for (auto& link : links_) link.processor->settle();
}

bool Chain::is_restless() const {
    return std::any_of(links_.begin(), links_.end(),
                       [](const Link& link) { return link.processor->is_restless(); });
}

const float* const* Chain::inputs_of(Link& link, const float* const* audio, int channels) const {
    if (!audio) return nullptr;
    link.inputs.assign(static_cast<std::size_t>(link.processor->info().inputs), nullptr);
    for (std::size_t i = 0; i < link.inputs.size(); ++i)
        if (channels == 1 || static_cast<int>(i) < channels)
            link.inputs[i] = channel_of(audio, channels, static_cast<int>(i));
    return link.inputs.data();
}

// What a link hears in its side chain, of the chain's own or of the track's further channels; null
// if nothing. Inputs that are a side chain too have those of the track already.
const float* const* Chain::side_chain_of(Link& link, const Block& block,
                                         const float* const* audio) const {
    const auto& info = link.processor->info();
    const auto taken = static_cast<std::size_t>(info.side_chain.channels);
    if (taken == 0) return nullptr;
    if (block.side_chain) {
        const auto* late = link.side_chain.delayed(block.side_chain, block.frames);
        link.beside.assign(late, late + taken);
        return link.beside.data();
    }
    if (!track_channels_ || !audio || info.side_chain.first < info.inputs) return nullptr;
    link.beside.assign(taken, nullptr);
    for (std::size_t i = 0; i < taken; ++i)
        if (const int channel = info.inputs + static_cast<int>(i); channel < *track_channels_)
            link.beside[i] = audio[channel];
    return link.beside.data();
}

// The track behind a link: what the link gives, and what went past it.
const float* const* Chain::with_track(Link& link, const float* const* output,
                                      const float* const* past) {
    const int given = link.processor->channels();
    link.track.assign(static_cast<std::size_t>(*track_channels_), silence_.data());
    for (int channel = 0; channel < *track_channels_; ++channel) {
        auto& place = link.track[static_cast<std::size_t>(channel)];
        if (channel < given || (given == 1 && channel == 1))
            place = channel_of(output, given, channel);
        else if (past)
            place = past[channel];
    }
    return link.track.data();
}

// The part of the output that the link is to have, and the rest of what went into it.
void Chain::mix_in_dry(Link& link, const float* const* dry, int dry_channels, int frames) {
    const auto wet = static_cast<float>(link.mix.wet), rest = static_cast<float>(1 - link.mix.wet);
    for (std::size_t channel = 0; channel < link.mixed.size(); ++channel) {
        const int wanted = std::min(static_cast<int>(channel), dry_channels - 1);
        const float* from = channel_of(dry, dry_channels, wanted);
        for (std::size_t i = 0; i < static_cast<std::size_t>(frames); ++i)
            link.mixed[channel][i] = wet * link.outputs[channel][i] + rest * from[i];
    }
}

const float* const* Chain::process_link(std::size_t index, const Block& block,
                                        const float* const* audio) {
    auto& link = links_[index];
    const auto channels = channels_after(index);
    const auto first = first_parameter(index);
    changes_.clear();
    for (const auto& [parameter, value] : block.parameters)
        if (parameter >= first && parameter < first + link.parameters)
            changes_.push_back({parameter - first, value});
    // The link hears what the ones before it have made late, and is told the time of that.
    const auto transport = block.timeline
                               ? block.timeline->at(block.transport.frame - latency_before(index))
                               : block.transport;
    before_link_(index);
    const auto* output = link.processor->process(
        {.frames = block.frames,
         .events = index == 0 ? block.events : std::span<const BlockEvent>(),
         .parameters = changes_,
         .transport = transport,
         .timeline = block.timeline,
         .audio = inputs_of(link, audio, channels),
         .side_chain = side_chain_of(link, block, audio),
         .keep_denormals = block.keep_denormals});
    const auto outputs = link.processor->channels();
    if (not_finite_ > index && !all_finite(output, outputs, block.frames)) not_finite_ = index;
    const bool mixes = link.mix.wet != 1 && audio;
    const auto* past =
        audio && (mixes || track_channels_) ? link.dry.delayed(audio, block.frames) : nullptr;
    if (mixes) {
        link.outputs.assign(output, output + outputs);
        mix_in_dry(link, past, channels, block.frames);
        for (std::size_t i = 0; i < link.mixed.size(); ++i) link.outputs[i] = link.mixed[i].data();
        output = link.outputs.data();
    }
    return track_channels_ ? with_track(link, output, past) : output;
}

const float* const* Chain::process(const Block& block) {
    const float* const* audio = block.audio;
    for (std::size_t i = 0; i < links_.size(); ++i)
        if (!links_[i].mix.bypass) audio = process_link(i, block, audio);
    if (audio) return audio;
    silent_.assign(static_cast<std::size_t>(channels()), silence_.data());
    return silent_.data();
}

}  // namespace patchpipe
