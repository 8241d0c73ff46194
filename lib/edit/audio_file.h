// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// An audio file as a source, with what it is kept in.
#pragma once

#include <optional>
#include <string>

#include "audio/audio_reader.h"
#include "edit/audio_source.h"

namespace patchpipe {

class AudioFile : public AudioSource {
 public:
    /// Opens the file. npy_rate is the rate of an npy file, which states none. Throws what
    /// AudioReader's constructor does, Error corrupt for a file that was cut short, and bad-record
    /// for an npy file without npy_rate.
    AudioFile(const std::string& path, std::optional<int> npy_rate);

    [[nodiscard]] const AudioReader& reader() const { return *reader_; }

    int read(double* samples, int frames) override;
    void seek(std::int64_t frame) override;

 private:
    AudioFile(const std::string& path, std::unique_ptr<AudioReader> reader,
              std::optional<int> npy_rate);

    std::string path_;
    std::unique_ptr<AudioReader> reader_;
    std::int64_t at_ = 0;
};

}  // namespace patchpipe
