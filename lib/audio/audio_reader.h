// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Reads audio block by block: what libsndfile reads, and npy files of float32. The memory it takes
// does not grow with the length. Not here: comparing (audio_difference.h).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "audio/audio_format.h"
#include "base/descriptor.h"

namespace patchpipe {

class AudioReader {
 public:
    /// Opens the file and reads its header. A pipe is first copied into a temporary file that has
    /// no name. Throws Error: not-found and io for the file itself, corrupt for a damaged or
    /// shortened npy file, unsupported for what is no audio that can be read.
    explicit AudioReader(const std::string& path);
    ~AudioReader();
    AudioReader(const AudioReader&) = delete;
    AudioReader& operator=(const AudioReader&) = delete;

    /// Nothing for what libsndfile reads and we do not write, as AIFF. RF64 counts as WAV.
    [[nodiscard]] std::optional<AudioFormat::Container> container() const;
    /// 1 to 1024.
    [[nodiscard]] int channels() const;
    /// As the header says.
    [[nodiscard]] std::int64_t frames() const;
    /// In Hz; an npy file has none.
    [[nodiscard]] std::optional<int> sample_rate() const;

    /// Puts the next frames into samples, channel by channel within each frame, 1.0 being full
    /// scale; doubles hold every depth exactly. Returns how many: less than asked for only at the
    /// end, and 0 from then on. Throws Error io, and corrupt for samples that cannot be decoded.
    [[nodiscard]] int read(double* samples, int frames);

 private:
    class SoundFile;
    class NpyFile;

    std::string path_;
    Descriptor file_;
    std::unique_ptr<SoundFile> sound_;  // either this one
    std::unique_ptr<NpyFile> npy_;      // or that
};

}  // namespace patchpipe
