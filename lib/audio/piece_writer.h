// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Writes bytes to a descriptor in large pieces, one after the other.
#pragma once

#include <string>
#include <string_view>

namespace patchpipe {

class PieceWriter {
 public:
    /// The caller keeps owning fd; name is for messages.
    PieceWriter(int fd, std::string name);

    /// Both throw Error io with the reason; buffered bytes are then lost.
    void write(std::string_view bytes);
    void flush();

 private:
    void write_now(std::string_view bytes);

    int fd_;
    std::string name_, gathered_;
};

}  // namespace patchpipe
