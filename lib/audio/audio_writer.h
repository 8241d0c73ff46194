// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Writes audio block by block to a descriptor. Not here: opening, naming and renaming files.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>

#include "audio/audio_format.h"
#include "audio/file_tail.h"
#include "audio/piece_writer.h"

namespace patchpipe {

/// What the audio is written to.
enum class Medium {
    stream,  ///< written from the first byte to the last: a pipe, a device, somebody else's file
    file,    ///< an empty regular file that only this writer uses: it may go back in it
};

/// The comment of a finished file, given how the file ends.
using FinalComment = std::function<std::string(const FileTail& tail)>;

/// The length is in the header, which is written first, so it must be known beforehand.
class AudioWriter {
 public:
    /// Writes nothing yet. fd stays the caller's; name appears in messages. Throws Error
    /// unsupported for what the container cannot hold (a WAV file of 4 GiB). SIGPIPE must be
    /// ignored.
    AudioWriter(int fd, Medium medium, const AudioFormat& format,
                std::string name = "audio output");

    /// Interleaved frames, 1.0 being full scale. In 16 and 24 bits what is louder is clipped and
    /// the rest rounded to the nearest step; float32 keeps it all. Throws Error io, and
    /// std::logic_error if it is more than format.frames in all.
    void write(std::span<const float> samples);

    /// Writes what is still gathered; call it once, after the last block. Throws Error io, and
    /// std::logic_error if format.frames have not come. Without it the file is torn.
    ///
    /// In a Medium::file with a place for comments, comment then replaces format.comment, padded
    /// with spaces to format.comment_room bytes. Elsewhere it is not called.
    void close(const FinalComment& comment = {});

 private:
    void write_wav_header(Medium medium, AudioFormat format);
    void replace_comment(const FinalComment& comment);

    int fd_;
    std::string name_;
    std::size_t comment_begin_ = 0, comment_size_ = 0;  // no size: nothing can be replaced
    AudioFormat::Depth depth_;
    std::int64_t samples_left_;
    PieceWriter out_;
    std::string block_, trailer_;
};

}  // namespace patchpipe
