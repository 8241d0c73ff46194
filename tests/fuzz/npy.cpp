// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Input: an npy file. It has as many frames as it states, and none is read from outside. libsndfile
// reads all other audio.

#include <vector>

#include "audio/audio_reader.h"
#include "audio/npy_header.h"
#include "fuzz/fuzz.h"

using namespace patchpipe;
using namespace patchpipe::fuzz;

namespace {

void read_all(AudioReader& reader, std::size_t file_size) {
    constexpr int block = 7;
    expect(reader.channels() >= 1 && reader.channels() <= most_npy_channels, "there are channels");
    std::vector<double> samples(static_cast<std::size_t>(block * reader.channels()));
    std::size_t frames = 0;
    while (const int got = reader.read(samples.data(), block)) {
        expect(got > 0 && got <= block, "a block is no longer than asked for");
        frames += static_cast<std::size_t>(got);
        expect(frames <= file_size / sizeof(float), "the frames are in the file");
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const Limits limits(size);
    const auto bytes = as_text(data, size);
    if (!is_npy(bytes)) return 0;
    accepted([&] {
        const auto header = parse_npy_header(bytes, "input");
        expect(header.frames >= 0 && header.data_begin <= size, "the samples begin in the file");
    });
    const MemoryFile file(bytes);
    accepted([&] {
        AudioReader reader(file.path());
        read_all(reader, size);
    });
    return 0;
}
