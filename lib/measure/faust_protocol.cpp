// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "measure/faust_protocol.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <random>
#include <vector>

#include "base/error.h"
#include "render/patch.h"

namespace patchpipe {
namespace {

using Message = std::vector<std::uint8_t>;

// Every controller and key once, a program and a channel pressure. The test bends by 4000 * 128,
// which counts as far as a bend goes.
std::vector<Message> all_of_midi() {
    std::vector<Message> messages;
    for (std::uint8_t i = 0; i < 127; ++i) {
        messages.push_back({0xb0, i, 100});
        messages.push_back({0xa0, i, 75});
        messages.push_back({0x90, i, 75});
        messages.push_back({0x80, i, 75});
        messages.push_back({0xe0, 127, 127});
    }
    messages.push_back({0xc0, 10});
    messages.push_back({0xd0, 10});
    return messages;
}

std::vector<Message> messages_of(FaustRun run) {
    if (voices_of(run) == 0) return all_of_midi();
    std::vector<Message> notes;
    for (int i = 0; i < voices_of(run); ++i)
        notes.push_back({0x90, static_cast<std::uint8_t>(60 + 2 * i), 100});
    return notes;
}

std::vector<std::size_t> buttons_of(Processor& processor) {
    std::vector<std::size_t> buttons;
    auto* patch = processor.patch();
    const auto count = patch ? patch->parameter_names().size() : 0;
    for (std::size_t i = 0; i < count; ++i)
        if (patch->parameter(i).is_button) buttons.push_back(i);
    return buttons;
}

// One run: the frame that is next, and what the processor gets for it.
class Run {
 public:
    Run(Processor& processor, FaustRun run, const FaustListener& listener)
        : processor_(processor),
          listener_(listener),
          messages_(messages_of(run)),
          input_(faust_settings.block_size),
          inputs_(static_cast<std::size_t>(processor.info().inputs), input_.data()) {
        for (const auto& message : messages_) events_.push_back({.offset = 0, .bytes = message});
        if (voices_of(run) == 0) {
            for (const auto button : buttons_of(processor)) buttons_.push_back({button, 1});
            input_[0] = 1;
        }
    }

    // The messages come before the buttons are pressed, and a block would press them first. Faust's
    // programs, as no other plug-ins, take a block without frames.
    void send_messages_alone() {
        (void)processor_.process({.frames = 0, .events = events_});
        events_.clear();
    }

    void process(int frames) {
        const double seconds = static_cast<double>(frame_) / faust_settings.sample_rate;
        const Block block{
            .frames = frames,
            .events = events_,
            .parameters = buttons_,
            .transport = {.frame = frame_, .seconds = seconds, .music = {}, .playing = true},
            .audio = inputs_.data(),
            .keep_denormals = true};
        listener_.before_block(block.transport);
        const auto* channels = processor_.process(block);
        if (const auto* wide = processor_.wide_samples())
            hear(wide, frames);
        else
            hear(channels, frames);
        events_.clear();
        input_[0] = 0;
        frame_ += frames;
    }

    template <typename Sample>
    void hear(const Sample* const* channels, int frames) {
        samples_.clear();
        for (int i = 0; i < frames; ++i)
            for (int channel = 0; channel < processor_.channels(); ++channel)
                samples_.push_back(channels[channel][i]);
        listener_.samples(samples_);
    }

    // The buttons stay pressed for a whole block, cut or not.
    void release_buttons() {
        for (auto& button : buttons_) button.value = 0;
    }

    [[nodiscard]] int frames_left() const {
        return static_cast<int>(
            std::min<std::int64_t>(faust_settings.block_size, faust_run_frames - frame_));
    }

 private:
    Processor& processor_;
    const FaustListener& listener_;
    std::vector<Message> messages_;
    std::vector<BlockEvent> events_;
    std::vector<ParameterChange> buttons_;
    std::vector<float> input_;
    std::vector<const float*> inputs_;
    std::vector<double> samples_;
    std::int64_t frame_ = 0;
};

}  // namespace

int voices_of(FaustRun run) {
    return run == FaustRun::four_voices ? 4 : run == FaustRun::one_voice ? 1 : 0;
}

void play_faust_run(Processor& processor, FaustRun run, const FaustListener& listener) {
    Run playing(processor, run, listener);
    if (processor.info().kind == "Faust") playing.send_messages_alone();
    // As rand() of macOS, where the published responses are made. The first block, which is all
    // that they show of it, is cut at the same frame with glibc's.
    std::minstd_rand0 random;
    while (const int frames = playing.frames_left()) {
        const int first =
            run == FaustRun::split ? static_cast<int>(random() % static_cast<unsigned>(frames)) : 0;
        if (first > 0) playing.process(first);
        playing.process(frames - first);
        playing.release_buttons();
    }
}

std::string faust_head(int inputs, int outputs, std::int64_t frames) {
    char text[128];
    std::snprintf(text, sizeof text,
                  "number_of_inputs  : %3d\nnumber_of_outputs : %3d\nnumber_of_frames  : %6lld\n",
                  inputs, outputs, static_cast<long long>(frames));
    return text;
}

std::string faust_lines(std::span<const double> samples, int outputs, FaustRun run,
                        std::string_view subject) {
    constexpr double least = 1e-6;  // what is below is printed as 0
    const auto channels = static_cast<std::size_t>(outputs);
    auto line = faust_run_frames * static_cast<std::int64_t>(run);
    std::string lines;
    char text[64];
    for (std::size_t i = 0; i + channels <= samples.size() && channels > 0; i += channels, ++line) {
        std::snprintf(text, sizeof text, "%6lld : ", static_cast<long long>(line));
        lines += text;
        for (const double sample : samples.subspan(i, channels)) {
            if (!std::isfinite(sample))
                throw Error(ErrorKind::non_finite, subject,
                            "gave a sample that is not a number (NaN or infinite) in line " +
                                std::to_string(line) + " of the impulse test");
            std::snprintf(text, sizeof text, " %8.6f", std::abs(sample) < least ? 0.0 : sample);
            lines += text;
        }
        lines += '\n';
    }
    return lines;
}

}  // namespace patchpipe
