// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Writes audio block by block to a descriptor. Not here: opening, naming and renaming files.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
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
    stream,  ///< written from the first byte to the last: a pipe, a device, another process's file
    file,    ///< an empty regular file that only this writer uses: it may seek in it
};

/// Makes the comment of a finished file from the bytes that follow it.
using FinalComment = std::function<std::string(const FileBody& body)>;

/// WAV, RF64, W64, AIFF and npy have the length in the header, which is written first, so the
/// length must be known beforehand.
class AudioWriter {
 public:
    /// The caller keeps owning fd; name is for messages. Nothing is written to a stream yet; FLAC,
    /// Ogg Vorbis, Opus, MP3 and AAC reach it in close(), from a temporary file; AAC also a file.
    /// Throws Error unsupported for what the container cannot hold (a WAV file of 4 GiB, a comment
    /// longer than most_comment(), another text of more than 8,000 bytes, or 16,000 of these), what
    /// check_container() throws, and io. SIGPIPE must be ignored.
    AudioWriter(int fd, Medium medium, const AudioFormat& format,
                std::string name = "audio output");
    ~AudioWriter();

    /// Writes interleaved frames, 1.0 being full scale. In 16 and 24 bits, louder samples are
    /// clipped and the others rounded to the nearest step; float32 stores samples exactly; Ogg
    /// Vorbis, Opus and MP3 clip. Throws Error io, unsupported, and std::logic_error after more
    /// than format.frames in all.
    void write(std::span<const float> samples);

    /// Writes what is still buffered. Call it once, after the last block: without it the file is
    /// incomplete. Throws Error io, and std::logic_error after fewer than format.frames.
    ///
    /// comment is called if the file's comment can still be changed; its result replaces
    /// format.tags.comment, padded with spaces to format.comment_room bytes. It is not called for
    /// npy, which has no comment, for AAC, or for a stream in WAV, RF64, W64 or AIFF, whose header
    /// is already written.
    void close(const FinalComment& comment = {});

 private:
    void write_body(std::string_view bytes);
    [[nodiscard]] FileBody body(std::int64_t begin);
    void begin_plain(Medium medium, AudioFormat format);
    void begin_packed(Medium medium, AudioFormat format);
    void begin_aac(const AudioFormat& format);
    void close_aac();
    void replace_comment(const FinalComment& comment);
    void send_scratch();

    int fd_;
    std::string name_;
    std::size_t comment_size_ = 0;  // 0: the comment cannot be replaced
    std::int64_t samples_left_;
    AudioFormat::Container container_;
    // Samples as they are:
    AudioFormat::Depth depth_;
    PieceWriter out_;
    std::string block_;
    std::size_t comment_begin_ = 0, padding_ = 0;
    ContentHash body_;  // of the bytes behind a comment that can be replaced
    // Encoders:
    Descriptor scratch_;  // for a stream: encoders seek back
    std::unique_ptr<PackedAudio> packed_;
    // AAC, which is encoded at the end:
    std::unique_ptr<AudioWriter> pcm_;  // writes to scratch_
    AudioFormat aac_;
    Medium medium_;
};

}  // namespace patchpipe
