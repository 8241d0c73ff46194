// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A file's bytes as memory, read when they are looked at: for large files of which little is
// wanted. What is wanted whole is read_file's (record/file.h).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace patchpipe {

class MappedFile {
 public:
    /// Throws Error: not-found, unsupported for what is no regular file (nothing is read then, and
    /// no FIFO waited for), io with the system's words.
    explicit MappedFile(const std::string& path);
    ~MappedFile();
    MappedFile(const MappedFile&) = delete;
    MappedFile& operator=(const MappedFile&) = delete;

    [[nodiscard]] std::string_view bytes() const { return {memory_, size_}; }

 private:
    const char* memory_ = nullptr;
    std::size_t size_ = 0;
};

}  // namespace patchpipe
