// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Files that are in memory, as those of tmpfs and memfd_create(): what is written to them through a
// mapping need not change their times, so their contents have to be looked at.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

namespace patchpipe {

/// More than this is not looked at after every request, in bytes.
inline constexpr std::size_t most_looked_at = std::size_t{64} << 20;

/// True if the file, or what is in the folder, is in memory. The descriptor may be one of O_PATH.
[[nodiscard]] bool is_in_memory(int fd);

/// The hash of a regular file's contents, whatever the descriptor was opened for, and without a
/// change of its times. Nothing if it cannot be read or is larger than most_looked_at.
[[nodiscard]] std::optional<std::string> hash_of_contents(int fd);

}  // namespace patchpipe
