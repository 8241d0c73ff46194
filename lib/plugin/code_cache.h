// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a plug-in that is compiled when it is opened was compiled into, kept in the user's cache
// folder. The process with the plug-in in it reads an entry and cannot write one; the tool writes
// what that process hands over. An entry is named by the hash of all files of the source, of
// what else decides the code, and of our sources that make the code, so it never gets old, and may
// be deleted at any time.
#pragma once

#include <optional>
#include <string>

#include "plugin/source.h"

namespace patchpipe {

/// The file that it is kept in; empty if the user has no cache folder.
[[nodiscard]] std::string kept_code_path(const std::string& source_hash);

/// What keep_code() was given for a source of that source_hash(). Nothing if there is no entry, if
/// it is damaged or another version's, or if others than the user may have written it.
[[nodiscard]] std::optional<std::string> kept_code(const std::string& source_hash);

/// Keeps a text for that source. What cannot be written is not kept.
void keep_code(const std::string& source_hash, const std::string& code);

}  // namespace patchpipe
