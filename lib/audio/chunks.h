// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The chunks of WAV (RIFF, and RIFX, which is big-endian), RF64, W64 and AIFF files of any origin.
// Only for lib/audio. Not here: what is in a chunk (tag_chunks.h).
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "audio/audio_format.h"

namespace patchpipe {

struct Chunk {
    std::string id;  ///< four bytes; those of W64 are as in WAV, and "SUMM" is its summary list
    std::uint64_t begin, size;  ///< of the contents, as stated: the file may be shorter
    bool big_endian;
};

/// The bytes that chunked_container() needs.
inline constexpr std::size_t chunked_file_header = 40;

/// The container of a file that begins with these bytes; nothing for other files.
[[nodiscard]] std::optional<AudioFormat::Container> chunked_container(std::string_view begin);

/// The id of the chunk that has the samples.
[[nodiscard]] std::string_view data_chunk(AudioFormat::Container container);

/// Calls take for one chunk after the other, until it returns false, or the file ends, or after
/// 1000 chunks: real files have fewer. Returns whether take returned false. Throws Error io; name
/// is for its message.
bool walk_chunks(int fd, const std::string& name, const std::function<bool(const Chunk&)>& take);

}  // namespace patchpipe
