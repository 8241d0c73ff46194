// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Writes audio block by block to a descriptor, from the first byte to the last and never back: a
// pipe gets the same bytes as a file. Not here: opening, naming and renaming files.
#pragma once

#include <memory>
#include <string>

#include "audio/audio_format.h"

namespace patchpipe {

/// The length stands in the header, which goes out first, so it must be known beforehand.
class AudioWriter {
 public:
    /// Writes nothing yet. fd stays the caller's; name stands in messages. Throws Error unsupported
    /// for what the container cannot hold (a WAV file of 4 GiB). SIGPIPE must be ignored.
    AudioWriter(int fd, const AudioFormat& format, int max_block_frames,
                std::string name = "audio output");
    ~AudioWriter();
    AudioWriter(AudioWriter&&) noexcept;
    AudioWriter& operator=(AudioWriter&&) noexcept;

    /// One pointer a channel, each to that many frames, 1.0 being full scale. What is louder is
    /// clipped to full scale in 16 and 24 bits and kept in float32. Throws Error io.
    void write(const float* const* channels, int frames);

    /// Writes what is still gathered; call it once, after the last block. Throws Error io, and
    /// std::logic_error unless exactly format.frames frames have come. Without it the file is torn.
    void close();

 private:
    class Sink;
    class WavEncoder;
    class NpyEncoder;
    class Encoder;
    std::unique_ptr<Encoder> encoder_;
};

}  // namespace patchpipe
