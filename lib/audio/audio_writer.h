// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Writes audio block by block to a descriptor. Not here: opening, naming and renaming files.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "audio/audio_format.h"
#include "audio/file_body.h"
#include "audio/piece_writer.h"
#include "base/descriptor.h"
#include "file/content_hash.h"

namespace patchpipe {

class PackedAudio;

/// What the audio is written to.
enum class Medium {
    stream,  ///< written from the first byte to the last: a pipe, a device, somebody else's file
    file,    ///< an empty regular file that only this writer uses: it may go back in it
};

/// The comment of a finished file, given what is behind it.
using FinalComment = std::function<std::string(const FileBody& body)>;

/// The length is in the header of WAV and npy, which is written first, so it must be known
/// beforehand.
class AudioWriter {
 public:
    /// fd stays the caller's; name appears in messages. A stream gets nothing yet; FLAC and Ogg
    /// reach it in close(), from a temporary file. Throws Error unsupported for what the container
    /// cannot hold (a WAV file of 4 GiB), bad-record for FLAC in float32, io. SIGPIPE must be
    /// ignored.
    AudioWriter(int fd, Medium medium, const AudioFormat& format,
                std::string name = "audio output");
    ~AudioWriter();

    /// Interleaved frames, 1.0 being full scale. In 16 and 24 bits what is louder is clipped and
    /// the rest rounded to the nearest step; float32 keeps it all; Ogg Vorbis clips. Throws Error
    /// io, unsupported, and std::logic_error if it is more than format.frames in all.
    void write(std::span<const float> samples);

    /// Writes what is still gathered; call it once, after the last block. Throws Error io, and
    /// std::logic_error if format.frames have not come. Without it the file is torn.
    ///
    /// Where there is a place for a comment that can be changed, this one then replaces
    /// format.comment, padded with spaces to format.comment_room bytes; otherwise it is not called.
    /// npy has no place, and a WAV header in a stream is out already.
    void close(const FinalComment& comment = {});

 private:
    void write_body(std::string_view bytes);
    [[nodiscard]] FileBody body(std::int64_t begin);
    void begin_plain(Medium medium, AudioFormat format);
    void begin_packed(Medium medium, AudioFormat format);
    void replace_comment(const FinalComment& comment);
    void send_scratch();

    int fd_;
    std::string name_;
    std::size_t comment_size_ = 0;  // 0: no comment can be replaced
    std::int64_t samples_left_;
    // WAV and npy:
    AudioFormat::Depth depth_;
    PieceWriter out_;
    std::string block_, trailer_;
    std::size_t comment_begin_ = 0;
    ContentHash body_;  // of what is behind a comment that can be replaced
    // FLAC and Ogg:
    Descriptor scratch_;  // for a stream: encoders go back in what they write
    std::unique_ptr<PackedAudio> packed_;
};

}  // namespace patchpipe
