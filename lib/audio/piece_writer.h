// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Bytes to a descriptor, gathered into large pieces, one after the other.
#pragma once

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

}  // namespace patchpipe
