// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/render.h"

#include <algorithm>

#include "host/host_clock.h"

namespace patchpipe {
namespace {

// Controllers, pressure and pitch bend: what a VST3 host turns into parameter changes.
bool is_controller(const ScoreEvent& event) {
    const int kind = event.bytes.empty() ? 0 : event.bytes[0] & 0xf0;
    return kind == 0xa0 || kind == 0xb0 || kind == 0xd0 || kind == 0xe0;
}

using Events = std::span<const ScoreEvent>;

// How many frames the next block may have: less than a whole one if a controller has to begin the
// one after it. Several controllers at one frame stay together.
std::int64_t next_split(Events pending, std::int64_t begin, std::int64_t end) {
    for (const auto& event : pending) {
        if (event.frame >= end) break;
        if (event.frame > begin && is_controller(event)) return event.frame;
    }
    return end;
}

Transport transport_at(const Score& score, std::int64_t frame, int sample_rate) {
    const double seconds = static_cast<double>(frame) / sample_rate;
    return {.frame = frame,
            .seconds = seconds,
            .music = score.time_map.position_at(seconds),
            .playing = true};
}

// Appends frames begin to end of the channels, one frame after the other.
void interleave(const float* const* channels, int channel_count, std::size_t begin, std::size_t end,
                std::vector<float>& out) {
    const auto stride = static_cast<std::size_t>(channel_count);
    out.resize((end - begin) * stride);
    for (std::size_t channel = 0; channel < stride; ++channel) {
        const float* in = channels[channel] + begin;
        for (std::size_t i = 0; i < end - begin; ++i) out[i * stride + channel] = in[i];
    }
}

}  // namespace

int render(Instrument& instrument, const Score& score, const BlockSettings& settings,
           const Sink& sink) {
    const int latency = instrument.latency_frames();
    const auto total = score.frames + latency;
    Events pending = score.events;
    std::vector<BlockEvent> block_events;
    std::vector<float> samples;
    for (std::int64_t begin = 0; begin < total;) {
        auto end = std::min(begin + settings.block_size, total);
        if (instrument.one_controller_a_block()) end = next_split(pending, begin, end);
        block_events.clear();
        std::size_t taken = 0;
        for (; taken < pending.size() && pending[taken].frame < end; ++taken)
            block_events.push_back(
                {static_cast<int>(pending[taken].frame - begin), pending[taken].bytes});
        pending = pending.subspan(taken);

        const auto transport = transport_at(score, begin, settings.sample_rate);
        set_host_clock(transport.seconds);
        const auto frames = static_cast<int>(end - begin);
        const auto* channels = instrument.process(frames, block_events, transport);
        const auto drop = std::max<std::int64_t>(latency - begin, 0);
        if (drop < frames) {
            interleave(channels, instrument.channels(), static_cast<std::size_t>(drop),
                       static_cast<std::size_t>(frames), samples);
            sink(samples);
        }
        begin = end;
    }
    return latency;
}

}  // namespace patchpipe
