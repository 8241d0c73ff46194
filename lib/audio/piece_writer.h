// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Bytes to a descriptor, gathered into large pieces, one after the other.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace patchpipe {

class PieceWriter {
 public:
    /// fd stays the caller's; name stands in messages.
    PieceWriter(int fd, std::string name);

    /// Both throw Error io with the reason; what was gathered is then lost.
    void write(std::string_view bytes);
    void flush();

 private:
    void write_now(std::string_view bytes);

    int fd_;
    std::string name_, gathered_;
};

/// Writes bytes to a regular file from offset on, and leaves its position as it is. Throws Error
/// io; name appears in its message.
void write_at(int fd, std::int64_t offset, std::string_view bytes, const std::string& name);

}  // namespace patchpipe
