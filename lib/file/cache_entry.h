// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Files in the user's cache folder: where they are, and that they are the user's own.
#pragma once

#include <string>
#include <string_view>

namespace patchpipe {

/// The user's cache folder by the XDG base directory specification; empty if there is none.
[[nodiscard]] std::string cache_folder();

/// The path of the entry of that key, a text of any length, in a folder below patchpipe/ there.
/// Empty if the user has no cache folder.
[[nodiscard]] std::string cache_entry_path(std::string_view folder, const std::string& key);

/// True if it is a regular file, and no link to one, that nobody else can have written: it decides
/// what is trusted.
[[nodiscard]] bool is_own_file(const std::string& path);

/// Writes a whole file that only the user may read and write, in the place of a link or whatever
/// else has that name. Throws Error io.
void write_own_file(const std::string& path, std::string_view bytes);

}  // namespace patchpipe
