// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// usage: audio-reader FILE [FRAME COUNT]...
// Writes the frames of an audio file to standard output, as interleaved doubles: from each of those
// frames on so many, or fewer at the end of the file; without a frame, the whole file.

#include <unistd.h>
#include <vector>

#include "audio/audio_reader.h"
#include "base/number.h"
#include "base/write.h"
#include "cli/tool.h"

using namespace patchpipe;

namespace {

void put(AudioReader& reader, std::int64_t frames) {
    constexpr std::int64_t most = 1000;
    std::vector<double> samples(static_cast<std::size_t>(most * reader.channels()));
    while (frames > 0) {
        const int got = reader.read(samples.data(), static_cast<int>(std::min(frames, most)));
        if (got == 0) return;
        const auto count = static_cast<std::size_t>(got * reader.channels());
        write_all(STDOUT_FILENO,
                  {reinterpret_cast<const char*>(samples.data()), count * sizeof(double)},
                  "standard output");
        frames -= got;
    }
}

ExitStatus run(const std::vector<std::string>& operands) {
    AudioReader reader(operands.at(0));
    if (operands.size() == 1) put(reader, reader.frames());
    for (std::size_t i = 1; i < operands.size(); i += 2) {
        reader.seek(parse_whole<std::int64_t>(operands.at(i)).value());
        put(reader, parse_whole<std::int64_t>(operands.at(i + 1)).value());
    }
    return ExitStatus::ok;
}

}  // namespace

int main(int argc, char** argv) {
    return run_tool("audio-reader", [&] { return run({argv + 1, argv + argc}); });
}
