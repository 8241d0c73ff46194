// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// How a finished file ends: enough to recognise one that was cut short later, or whose last blocks
// a power failure left as zeros, without reading all of it.
#pragma once

#include <cstdint>
#include <string>

namespace patchpipe {

struct FileTail {
    std::int64_t bytes;     ///< the size of the whole file
    std::int64_t from, to;  ///< the part that is hashed: the last 4 KiB that do not end in zeros
    std::string hash;       ///< see content_hash.h
};

/// Reads the end of a regular file, and nothing before offset earliest. Throws Error io; name
/// appears in its message.
[[nodiscard]] FileTail tail_of(int fd, std::int64_t earliest, const std::string& name);

/// Returns whether the file at path still ends as tail says; false if it cannot be read.
[[nodiscard]] bool has_tail(const std::string& path, const FileTail& tail);

}  // namespace patchpipe
