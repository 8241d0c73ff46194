// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Encodes FLAC and Ogg Vorbis into a file, with libsndfile. Only for lib/audio. Not here: streams,
// and when a comment changes (audio_writer.h).
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "audio/audio_format.h"

struct sf_private_tag;

namespace patchpipe {

class PackedAudio {
 public:
    /// Begins the file, with format.comment in it. fd must be an empty regular file, which the
    /// caller keeps owning; name is for messages. Throws Error io, and unsupported for what the
    /// container cannot hold.
    PackedAudio(int fd, const AudioFormat& format, std::string name);
    ~PackedAudio();

    /// Writes interleaved frames. Samples beyond full scale are clipped. Throws as the constructor
    /// does.
    void write(std::span<const float> samples);

    /// Completes the file, whose bytes depend only on the format and the samples. Call it once.
    /// Throws Error io.
    void finish();

    /// Replaces the comment by a text of the same size. Call it after finish(). Throws Error io.
    void replace_comment(const std::string& text);
    /// Where the comment ends in the finished file. Throws Error io.
    [[nodiscard]] std::int64_t comment_end() const;

 private:
    class Target;
    struct Close {
        void operator()(sf_private_tag* file) const;
    };

    void encode(std::span<const float> samples);
    void check(bool done) const;
    [[nodiscard]] std::int64_t comment_begin() const;

    AudioFormat format_;
    std::string name_;
    std::unique_ptr<Target> target_;
    std::unique_ptr<sf_private_tag, Close> file_;
    std::vector<float> gathered_;
    std::vector<std::int32_t> steps_;
    std::vector<float> clipped_;
};

}  // namespace patchpipe
