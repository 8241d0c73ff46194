// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The bytes before the samples of the containers that store them as they are: WAV, RF64, W64 and
// AIFF. The length is in them. Only for lib/audio. Not here: the samples (samples.h), npy
// (npy_header.h).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "audio/audio_format.h"

namespace patchpipe {

struct PlainHeader {
    std::string bytes;
    std::size_t comment_begin = 0, comment_size = 0;  ///< where the comment's text is in the bytes
    std::size_t padding = 0;                          ///< zeros that follow the samples
};

/// The header of a file of format.frames frames, with its tags. Throws Error unsupported for what
/// the container cannot hold.
[[nodiscard]] PlainHeader plain_header(const AudioFormat& format);

/// The comment's text as the container stores it, with spaces up to that many bytes. Throws
/// std::logic_error if it is longer.
[[nodiscard]] std::string stored_comment(AudioFormat::Container container, std::string_view text,
                                         std::size_t size);

}  // namespace patchpipe
