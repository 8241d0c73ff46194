// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// usage: resample FROM_RATE TO_RATE CHANNELS BLOCK_SIZE
// Reads interleaved float64 frames from standard input in blocks of that many frames, and writes
// the resampled frames to standard output.

#include <unistd.h>
#include <iostream>
#include <iterator>
#include <span>
#include <string>
#include <vector>

#include "audio/resample.h"
#include "base/write.h"
#include "cli/tool.h"

using namespace patchpipe;

namespace {

std::vector<double> read_samples() {
    const std::string bytes{std::istreambuf_iterator<char>(std::cin), {}};
    std::vector<double> samples(bytes.size() / sizeof(double));
    bytes.copy(reinterpret_cast<char*>(samples.data()), samples.size() * sizeof(double));
    return samples;
}

ExitStatus run(char** argv) {
    const int channels = std::stoi(argv[3]);
    const auto block = std::stoul(argv[4]) * static_cast<std::size_t>(channels);
    Resampler resampler(std::stoll(argv[1]), std::stoll(argv[2]), channels);
    const auto samples = read_samples();
    std::vector<double> out;
    for (std::span rest(samples); !rest.empty();) {
        const auto size = std::min(block, rest.size());
        resampler.add(rest.first(size), out);
        rest = rest.subspan(size);
    }
    resampler.finish(out);
    write_all(STDOUT_FILENO,
              {reinterpret_cast<const char*>(out.data()), out.size() * sizeof(double)}, "out");
    return ExitStatus::ok;
}

}  // namespace

int main(int, char** argv) {
    return run_tool("resample", [&] { return run(argv); });
}
