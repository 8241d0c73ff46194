// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A file that libsndfile reads, as AudioReader needs it. Only for lib/audio. It is read in this
// process (sound_file.h) or in one of its own (decoded_file.h).
#pragma once

#include <sndfile.h>
#include <cstdint>

namespace patchpipe {

class Sound {
 public:
    virtual ~Sound() = default;

    [[nodiscard]] virtual const SF_INFO& info() const = 0;
    /// Those of an MP3 file that does not state its length are counted. Throws as read() does.
    [[nodiscard]] virtual std::int64_t frames() = 0;
    /// As AudioReader::read(), but in the order of channels that the file has.
    [[nodiscard]] virtual int read(double* samples, int frames) = 0;
    /// As AudioReader::seek().
    virtual void seek(std::int64_t frame) = 0;
};

/// Whether libsndfile finds every frame of such a file exactly.
[[nodiscard]] bool finds_frames(const SF_INFO& info);

}  // namespace patchpipe
