// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Paths made absolute by their text alone: no file is looked at, no symbolic link resolved.
#pragma once

#include <string>
#include <string_view>

namespace patchpipe {

/// Throws Error io if the working directory is gone.
[[nodiscard]] std::string working_folder();

/// The path from the root, without "." and "..", doubled slashes or a slash at the end. ".." takes
/// away the name before it, also when that is a symbolic link. An empty path is the working
/// directory. Throws as working_folder() does.
[[nodiscard]] std::string absolute_path(std::string_view path);

/// The same for a folder that an option names. Records will contain it, so it throws UsageError,
/// beginning with the option's name, if the path is not UTF-8.
[[nodiscard]] std::string output_folder(std::string_view option, std::string_view path);

/// The part after the last slash; the whole path if it has no slash.
[[nodiscard]] std::string_view file_name(std::string_view path);

/// The part before the last slash: "/a" of "/a/b", empty for "/b" and for "b".
[[nodiscard]] std::string_view folder_of(std::string_view path);

/// The same as a path to open: "/" for "/b" and "." for "b".
[[nodiscard]] std::string parent_folder(std::string_view path);

/// path within folder, "b/c" for "/a/b/c" within "/a"; empty if path is not inside the folder.
[[nodiscard]] std::string_view within(std::string_view path, std::string_view folder);

}  // namespace patchpipe
