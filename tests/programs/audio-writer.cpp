// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// usage: audio-writer FORMAT BIT_DEPTH CHANNELS SAMPLE_RATE FRAMES BLOCK_SIZE
// Takes interleaved float32 frames on standard input, writes an audio file of that many FRAMES to
// standard output through lib/audio, and what the meter says, as JSON, to standard error.

#include <unistd.h>
#include <charconv>
#include <iostream>
#include <vector>

#include "audio/audio_writer.h"
#include "audio/meter.h"
#include "cli/tool.h"
#include "record/json.h"

using namespace patchpipe;

namespace {

template <typename Number>
Number number(std::string_view text) {
    Number value{};
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

// The samples of standard input, one array a channel; fewer frames at the end of the input.
std::vector<std::vector<float>> read_block(int channels, int block_size) {
    std::vector<float> frames(static_cast<std::size_t>(channels * block_size));
    std::cin.read(reinterpret_cast<char*>(frames.data()),
                  static_cast<std::streamsize>(frames.size() * sizeof(float)));
    const auto width = static_cast<std::size_t>(channels);
    const auto got = static_cast<std::size_t>(std::cin.gcount()) / sizeof(float) / width;
    std::vector<std::vector<float>> block(width, std::vector<float>(got));
    for (std::size_t i = 0; i < got * width; ++i) block[i % width][i / width] = frames[i];
    return block;
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

ExitStatus run(const std::vector<std::string>& operands) {
    const AudioFormat format{.container = container_named(operands.at(0)),
                             .depth = depth_named(operands.at(1)),
                             .channels = number<int>(operands.at(2)),
                             .sample_rate = number<int>(operands.at(3)),
                             .frames = number<std::int64_t>(operands.at(4))};
    const int block_size = number<int>(operands.at(5));
    AudioWriter writer(STDOUT_FILENO, format, block_size, "standard output");
    Meter meter(format.channels, block_size);
    for (;;) {
        const auto block = read_block(format.channels, block_size);
        if (block[0].empty()) break;
        std::vector<const float*> channels;
        for (const auto& channel : block) channels.push_back(channel.data());
        meter.add(channels.data(), static_cast<int>(block[0].size()));
        writer.write(channels.data(), static_cast<int>(block[0].size()));
    }
    writer.close();
    report(meter, format.depth);
    return ExitStatus::ok;
}

}  // namespace

int main(int argc, char** argv) {
    return run_tool("audio-writer", [&] { return run({argv + 1, argv + argc}); });
}
