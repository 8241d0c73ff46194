// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// How long an MP3 file says it is. An encoder that knows it, which one that writes into a pipe does
// not, puts it into a first frame without sound, called Xing or Info. Only for lib/audio.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace patchpipe {

struct Mp3Length {
    std::uint64_t begin = 0;                   ///< of the first frame, in the file
    std::optional<std::uint32_t> frames = {};  ///< of MP3, of 1152 samples each, or 576
    std::optional<std::uint32_t> bytes = {};   ///< from `begin` on
};

/// name is for messages. Throws Error io.
[[nodiscard]] Mp3Length read_mp3_length(int fd, const std::string& name);

}  // namespace patchpipe
