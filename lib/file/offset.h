// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Reads and writes a regular file at an offset without moving its position. The file's name is for
// messages.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace patchpipe {

/// Returns how many bytes were read: fewer than size only at the end of the file. Throws Error io.
[[nodiscard]] std::size_t read_at(int fd, std::int64_t offset, void* bytes, std::size_t size,
                                  const std::string& name);
/// The same as a string, shorter at the end of the file.
[[nodiscard]] std::string read_at(int fd, std::int64_t offset, std::size_t size,
                                  const std::string& name);

/// The whole file. Throws Error io, also for one that is larger than that.
[[nodiscard]] std::string read_all_of(int fd, std::size_t largest, const std::string& name);

/// Throws Error io.
void write_at(int fd, std::int64_t offset, std::string_view bytes, const std::string& name);

}  // namespace patchpipe
