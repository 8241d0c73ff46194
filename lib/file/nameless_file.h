// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A temporary file without a name: it disappears with its descriptor, however the process ends.
#pragma once

#include <string>
#include <string_view>

#include "base/descriptor.h"

namespace patchpipe {

/// Returns an empty file, readable and writable, in the folder TMPDIR or in /tmp. Throws Error io.
[[nodiscard]] Descriptor nameless_file();

/// Writes all of it where the file's position is. Throws Error io, which names that folder.
void write_nameless(int fd, std::string_view bytes);

/// TMPDIR, or /tmp without it.
[[nodiscard]] std::string temporary_root();

}  // namespace patchpipe
