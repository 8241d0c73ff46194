// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "render/render.h"

#include <algorithm>

#include "base/error.h"
#include "base/json.h"

namespace patchpipe {
namespace {

// Controllers, pressure and pitch bend: what a VST3 host turns into parameter changes.
bool is_controller(const ScoreEvent& event) {
    const int kind = event.bytes.empty() ? 0 : event.bytes[0] & 0xf0;
    return kind == 0xa0 || kind == 0xb0 || kind == 0xd0 || kind == 0xe0;
}

using Events = std::span<const ScoreEvent>;

// The end of the next block: earlier than `end` if a controller has to begin the block after it.
// Several controllers at one frame stay together.
std::int64_t next_split(Events pending, std::int64_t begin, std::int64_t end) {
    for (const auto& event : pending) {
        if (event.frame >= end) break;
        if (event.frame > begin && is_controller(event)) return event.frame;
    }
    return end;
}

// Where the block has to end because it has no room for the events there.
std::int64_t end_of_room(Events pending, EventRoom room, std::int64_t end) {
    for (const auto& event : pending)
        if (event.frame >= end || !room.take(event.bytes.size())) return std::min(event.frame, end);
    return end;
}

// Events at one frame cannot be split over two blocks.
void check_room(const Processor& processor, Events events, std::int64_t total, int sample_rate) {
    auto room = processor.event_room();
    for (std::size_t i = 0; i < events.size() && events[i].frame < total; ++i) {
        const auto& event = events[i];
        if (i > 0 && event.frame > events[i - 1].frame) room = processor.event_room();
        if (room.take(event.bytes.size())) continue;
        const bool alone = processor.event_room().take(event.bytes.size());
        const double seconds = static_cast<double>(event.frame) / sample_rate;
        throw Error(ErrorKind::unsupported, processor.info().name,
                    (alone ? "cannot take as many MIDI events at once as there are at "
                           : "cannot take a MIDI message of " + std::to_string(event.bytes.size()) +
                                 " bytes, as there is one at ") +
                        json_number(seconds) + " s; " +
                        (alone ? "spread them" : "take it out of the file"));
    }
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

// What the processor hears, block by block, in as many channels as it takes.
class AudioInput {
 public:
    AudioInput(AudioSource read, int channels, int block_size) : read_(std::move(read)) {
        if (!read_) return;
        blocks_.resize(static_cast<std::size_t>(channels),
                       std::vector<float>(static_cast<std::size_t>(block_size)));
        for (auto& block : blocks_) pointers_.push_back(block.data());
    }

    const float* const* next(int frames) {
        if (pointers_.empty()) return nullptr;
        read_(pointers_, frames);
        return pointers_.data();
    }

 private:
    AudioSource read_;
    std::vector<std::vector<float>> blocks_;
    std::vector<float*> pointers_;
};

// A score of which so many frames are rendered.
class ScorePerformance : public Performance {
 public:
    ScorePerformance(const Score& score, std::int64_t frames)
        : score_(score),
          frames_(frames),
          pending_(score.events),
          automation_(score.automation, score.control_interval) {}

    std::int64_t block_end(std::int64_t begin, int longest) override {
        return std::min(begin + longest, frames_);
    }
    std::span<const ParameterChange> changes_at(std::int64_t begin) override {
        return automation_.changes_at(begin);
    }
    std::int64_t next_change(std::int64_t begin, std::int64_t end) const override {
        return automation_.next_change(begin, end);
    }
    Events events() const override { return pending_; }
    void take_events(std::size_t count) override { pending_ = pending_.subspan(count); }
    Position position_at(double seconds) const override {
        return score_.time_map.position_at(seconds);
    }
    bool has_audio() const override { return static_cast<bool>(score_.audio); }
    void read_audio(std::span<float* const> channels, int frames) override {
        score_.audio(channels, frames);
    }
    bool has_side_chain() const override { return static_cast<bool>(score_.side_chain); }
    void read_side_chain(std::span<float* const> channels, int frames) override {
        score_.side_chain(channels, frames);
    }

 private:
    const Score& score_;
    std::int64_t frames_;
    Events pending_;
    AutomationPlayer automation_;
};

}  // namespace

int render(Processor& processor, Performance& performance, const BlockSettings& settings,
           const Listener& listener) {
    const int latency = processor.latency_frames();
    const Timeline timeline([&](double seconds) { return performance.position_at(seconds); },
                            settings.sample_rate);
    AudioSource heard, beside;
    if (performance.has_audio())
        heard = [&](auto channels, int frames) { performance.read_audio(channels, frames); };
    if (performance.has_side_chain())
        beside = [&](auto channels, int frames) { performance.read_side_chain(channels, frames); };
    const auto& info = processor.info();
    AudioInput audio(std::move(heard), info.inputs, settings.block_size);
    AudioInput side_chain(std::move(beside), info.side_chain.channels, settings.block_size);
    std::vector<BlockEvent> block_events;
    block_events.reserve(performance.usual_events());
    std::vector<float> samples;
    samples.reserve(static_cast<std::size_t>(settings.block_size * processor.channels()));
    for (std::int64_t begin = 0;;) {
        auto end = performance.block_end(begin, settings.block_size);
        if (end <= begin) break;
        const auto parameters = performance.changes_at(begin);
        end = performance.next_change(begin, end);
        const auto pending = performance.events();
        if (processor.one_controller_a_block()) end = next_split(pending, begin, end);
        end = end_of_room(pending, processor.event_room(), end);
        block_events.clear();
        for (const auto& event : pending) {
            if (event.frame >= end) break;
            block_events.push_back({static_cast<int>(event.frame - begin), event.bytes});
        }
        performance.take_events(block_events.size());

        const auto frames = static_cast<int>(end - begin);
        const Block block{.frames = frames,
                          .events = block_events,
                          .parameters = parameters,
                          .transport = timeline.at(begin),
                          .timeline = &timeline,
                          .audio = audio.next(frames),
                          .side_chain = side_chain.next(frames)};
        listener.before_block(block.transport);
        const auto* channels = processor.process(block);
        const auto drop = std::max<std::int64_t>(latency - begin, 0);
        if (drop < frames) {
            interleave(channels, processor.channels(), static_cast<std::size_t>(drop),
                       static_cast<std::size_t>(frames), samples);
            listener.samples(samples);
            if (listener.ended()) break;
        }
        begin = end;
    }
    return latency;
}

int render(Processor& processor, const Score& score, const BlockSettings& settings,
           const Listener& listener) {
    const auto total = score.frames + processor.latency_frames();
    check_room(processor, score.events, total, settings.sample_rate);
    ScorePerformance performance(score, total);
    return render(processor, performance, settings, listener);
}

}  // namespace patchpipe
