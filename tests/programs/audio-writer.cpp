// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// usage: audio-writer FORMAT BIT_DEPTH CHANNELS SAMPLE_RATE FRAMES BLOCK_SIZE [NAME=VALUE]...
// NAME is that of a tag, or NOTE, COMMENT, quality, bitrate, or loop, for which VALUE is
// KIND:BEGIN:END. Reads interleaved float32 frames from standard input, writes an audio file of
// FRAMES frames to standard output through lib/audio, and the meter's results, as JSON, to standard
// error.

#include <unistd.h>
#include <charconv>
#include <iostream>
#include <vector>

#include "audio/audio_writer.h"
#include "audio/meter.h"
#include "base/json.h"
#include "cli/tool.h"

using namespace patchpipe;

namespace {

template <typename Number>
Number number(std::string_view text) {
    Number value{};
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

// The next frames of standard input; fewer at its end.
std::vector<float> read_block(int channels, int block_size) {
    std::vector<float> samples(static_cast<std::size_t>(channels * block_size));
    std::cin.read(reinterpret_cast<char*>(samples.data()),
                  static_cast<std::streamsize>(samples.size() * sizeof(float)));
    const auto frame_bytes = sizeof(float) * static_cast<std::size_t>(channels);
    samples.resize(static_cast<std::size_t>(std::cin.gcount()) / frame_bytes *
                   static_cast<std::size_t>(channels));
    return samples;
}

void report(const Meter& meter, AudioFormat::Depth depth) {
    const auto rms = meter.rms_db();
    std::cerr << "{\"peak\":" << json_number(meter.peak())
              << ",\"rms_db\":" << (rms ? json_number(*rms) : "null")
              << ",\"clipped_samples\":" << meter.clipped_samples()
              << ",\"non_finite_samples\":" << meter.non_finite_samples()
              << ",\"silent\":" << json_flag(meter.silent(depth))
              << ",\"audio_hash\":" << json_text(meter.audio_hash()) << "}\n";
}

SampledNote::Loop loop_of(std::string_view text) {
    const auto first = text.find(':'), second = text.find(':', first + 1);
    return {.kind = static_cast<SampledNote::LoopKind>(number<int>(text.substr(0, first))),
            .begin = number<std::int64_t>(text.substr(first + 1, second - first - 1)),
            .end = number<std::int64_t>(text.substr(second + 1))};
}

void set(AudioFormat& format, std::string_view name, std::string_view value) {
    auto& sampled = format.tags.sampled;
    if ((name == "NOTE" || name == "cents" || name == "loop") && !sampled) sampled.emplace();
    if (name == "NOTE")
        sampled->note = number<int>(value);
    else if (name == "cents")
        sampled->cents = number<int>(value);
    else if (name == "loop")
        sampled->loops.push_back(loop_of(value));
    else if (name == "COMMENT")
        format.tags.comment = value;
    else if (name == "quality")
        format.quality = number<double>(value);
    else if (name == "bitrate")
        format.bitrate = number<int>(value);
    else
        format.tags.fields.push_back({std::string(name), std::string(value)});
}

ExitStatus run(const std::vector<std::string>& operands) {
    AudioFormat format{.container = container_named(operands.at(0)),
                       .depth = depth_named(operands.at(1)),
                       .channels = number<int>(operands.at(2)),
                       .sample_rate = number<int>(operands.at(3)),
                       .frames = number<std::int64_t>(operands.at(4))};
    const int block_size = number<int>(operands.at(5));
    for (std::size_t i = 6; i < operands.size(); ++i) {
        const auto equals = operands[i].find('=');
        set(format, std::string_view(operands[i]).substr(0, equals),
            std::string_view(operands[i]).substr(equals + 1));
    }
    AudioWriter writer(STDOUT_FILENO, Medium::stream, format, "standard output");
    Meter meter;
    for (;;) {
        const auto samples = read_block(format.channels, block_size);
        if (samples.empty()) break;
        meter.add(samples);
        writer.write(samples);
    }
    writer.close();
    report(meter, format.depth);
    return ExitStatus::ok;
}

}  // namespace

int main(int argc, char** argv) {
    return run_tool("audio-writer", [&] { return run({argv + 1, argv + argc}); });
}
