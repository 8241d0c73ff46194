// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Encodes FLAC, Ogg Vorbis, Opus and MP3 into a file, with libsndfile. Only for lib/audio. Not
// here: streams, and when a comment changes (audio_writer.h).
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "audio/audio_format.h"
#include "audio/tag_bytes.h"

struct sf_private_tag;

namespace patchpipe {

class PackedAudio {
 public:
    /// Begins the file. fd must be an empty regular file, which the caller keeps owning; name is
    /// for messages. Throws Error io, and unsupported for what the container cannot hold.
    PackedAudio(int fd, const AudioFormat& format, std::string name);
    ~PackedAudio();

    /// Writes interleaved frames. Samples beyond full scale are clipped. Throws as the constructor
    /// does.
    void write(std::span<const float> samples);

    /// Completes the file, with its tags. Its bytes depend only on the format and the samples. Call
    /// it once. Throws Error io.
    void finish();

    /// Replaces the comment by a text of the same size. Call it after finish(). Throws Error io.
    void replace_comment(const std::string& text);
    /// Where the comment ends in the finished file.
    [[nodiscard]] std::int64_t comment_end() const;

 private:
    class Target;
    struct Close {
        void operator()(sf_private_tag* file) const;
    };

    void set_rate_of_bits();
    void encode(std::span<const float> samples);
    void place_entries();
    void seal(std::int64_t end);
    void check(bool done) const;

    AudioFormat format_;
    std::string name_;
    TagBytes tags_;  // as they are in the file
    std::int64_t comment_begin_ = 0;
    std::unique_ptr<Target> target_;
    std::unique_ptr<sf_private_tag, Close> file_;
    std::vector<float> gathered_;
    std::vector<std::int32_t> steps_;
    std::vector<float> clipped_;
};

}  // namespace patchpipe
