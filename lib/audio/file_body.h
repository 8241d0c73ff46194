// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The bytes of a finished file behind its comment, as a size and a hash: enough to recognise a file
// that was later cut or overwritten, or that lost pages in a power failure.
#pragma once

#include <cstdint>
#include <stop_token>
#include <string>

namespace patchpipe {

struct FileBody {
    std::int64_t bytes;  ///< the size of the whole file
    std::int64_t begin;  ///< the hash covers the bytes from here to the end
    std::string hash;    ///< see content_hash.h
};

/// The size of an open file. Throws Error io; name is for its message.
[[nodiscard]] std::int64_t size_of(int fd, const std::string& name);

/// Reads a regular file from begin on. Throws Error io; name is for its message.
[[nodiscard]] FileBody body_of(int fd, std::int64_t begin, const std::string& name);

/// Returns whether the file at path still has this body; false if it cannot be read or given_up is
/// set meanwhile.
[[nodiscard]] bool has_body(const std::string& path, const FileBody& body,
                            const std::stop_token& given_up);

}  // namespace patchpipe
