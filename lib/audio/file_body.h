// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a finished file has behind its comment: enough to recognise one that was cut or overwritten
// later, or that lost pages anywhere when the machine went down.
#pragma once

#include <cstdint>
#include <stop_token>
#include <string>

namespace patchpipe {

struct FileBody {
    std::int64_t bytes;  ///< the size of the whole file
    std::int64_t begin;  ///< from here to the end it is hashed
    std::string hash;    ///< see content_hash.h
};

/// The size of an open file. Throws Error io; name appears in its message.
[[nodiscard]] std::int64_t size_of(int fd, const std::string& name);

/// Reads a regular file from begin on. Throws Error io; name appears in its message.
[[nodiscard]] FileBody body_of(int fd, std::int64_t begin, const std::string& name);

/// Returns whether the file at path still has this body; false if it cannot be read, or is given up
/// while it is read.
[[nodiscard]] bool has_body(const std::string& path, const FileBody& body,
                            const std::stop_token& given_up);

}  // namespace patchpipe
