// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What kind of file a name is the name of, by its suffix: a song's kick.wav may have become a
// kick.flac, but never a kick.wav.reapeaks.
#pragma once

#include <string>
#include <string_view>

namespace patchpipe {

enum class FileKind { other, audio, midi, video, image };

/// The name in two parts, "kick" and ".wav". A dot at the beginning of a name begins no suffix.
struct NameParts {
    std::string_view stem, suffix;
};
[[nodiscard]] NameParts name_parts(std::string_view name);

/// The kind of files with that suffix, in any letter case; other if it is not known.
[[nodiscard]] FileKind kind_of_suffix(std::string_view suffix);

/// The name of a file as another system writes paths: what is behind the last slash, backslash or
/// "C:" of the path.
[[nodiscard]] std::string_view foreign_file_name(std::string_view path);

}  // namespace patchpipe
