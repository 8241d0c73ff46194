// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "edit/audio_file.h"

#include <algorithm>
#include <utility>

#include "audio/cut_audio.h"
#include "base/error.h"

namespace patchpipe {
namespace {

int rate_of(const std::string& path, const AudioReader& reader, std::optional<int> npy_rate) {
    if (const auto rate = reader.sample_rate()) return *rate;
    if (npy_rate) return *npy_rate;
    throw Error(ErrorKind::bad_record, path,
                "is an npy file, which does not state its sample rate; set sample_rate");
}

}  // namespace

AudioFile::AudioFile(const std::string& path, std::optional<int> npy_rate)
    : AudioFile(path, std::make_unique<AudioReader>(path), npy_rate) {}

AudioFile::AudioFile(const std::string& path, std::unique_ptr<AudioReader> reader,
                     std::optional<int> npy_rate)
    : AudioSource({reader->channels(), rate_of(path, *reader, npy_rate), reader->frames()}),
      path_(path),
      reader_(std::move(reader)) {
    refuse_unless_all_is_read(path);
}

int AudioFile::read(double* samples, int frames) {
    const auto wanted = static_cast<int>(std::min<std::int64_t>(frames, this->frames() - at_));
    const int got = wanted == 0 ? 0 : reader_->read(samples, wanted);
    if (got < wanted)
        throw Error(ErrorKind::corrupt, path_,
                    "ends after " + std::to_string(at_ + got) + " of " +
                        std::to_string(this->frames()) + " frames; write it again");
    at_ += got;
    return got;
}

void AudioFile::seek(std::int64_t frame) {
    reader_->seek(frame);
    at_ = frame;
}

}  // namespace patchpipe
