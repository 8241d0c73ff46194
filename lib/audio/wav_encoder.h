// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// WAV through libsndfile, with the right header from the first byte. Not here: gathering and
// writing the bytes (piece_writer.h).
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "audio/audio_format.h"

namespace patchpipe {

class WavEncoder {
 public:
    /// Takes the next bytes of the file.
    using Take = std::function<void(std::string_view)>;

    /// Hands out nothing before the first write. Throws Error unsupported for what WAV cannot hold.
    WavEncoder(const AudioFormat& format, Take take);
    ~WavEncoder();
    WavEncoder(const WavEncoder&) = delete;
    WavEncoder& operator=(const WavEncoder&) = delete;

    /// Interleaved frames. In 16 and 24 bits they are rounded to the nearest step and clipped, and
    /// NaN is the lowest value. Throws what take throws.
    void write(const float* samples, int frames);

    /// Once, after format.frames frames. Throws what take throws.
    void close();

 private:
    class File;

    AudioFormat format_;
    Take take_;
    std::string header_;
    bool header_out_ = false;
    std::unique_ptr<File> file_;
    std::vector<std::int16_t> steps_16_;
    std::vector<std::int32_t> steps_24_;
};

}  // namespace patchpipe
