// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Writes audio block by block to a descriptor, from the first byte to the last and never back: a
// pipe gets the same bytes as a file. Not here: opening, naming and renaming files.
#pragma once

#include <span>
#include <string>

#include "audio/audio_format.h"
#include "audio/piece_writer.h"

namespace patchpipe {

/// The length stands in the header, which goes out first, so it must be known beforehand.
class AudioWriter {
 public:
    /// Writes nothing yet. fd stays the caller's; name stands in messages. Throws Error unsupported
    /// for what the container cannot hold (a WAV file of 4 GiB). SIGPIPE must be ignored.
    AudioWriter(int fd, const AudioFormat& format, std::string name = "audio output");

    /// Interleaved frames, 1.0 being full scale. In 16 and 24 bits what is louder is clipped and
    /// the rest rounded to the nearest step; float32 keeps it all. Throws Error io, and
    /// std::logic_error if it is more than format.frames in all.
    void write(std::span<const float> samples);

    /// Writes what is still gathered; call it once, after the last block. Throws Error io, and
    /// std::logic_error if format.frames have not come. Without it the file is torn.
    void close();

 private:
    AudioFormat::Depth depth_;
    std::int64_t samples_left_;
    PieceWriter out_;
    std::string block_, trailer_;
};

}  // namespace patchpipe
