// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A temporary file without a name: it disappears with its descriptor, however the process ends.
#pragma once

#include <string>

#include "base/descriptor.h"

namespace patchpipe {

/// Returns an empty file, readable and writable, in the folder TMPDIR or in /tmp. Throws Error io.
[[nodiscard]] Descriptor nameless_file();

/// TMPDIR, or /tmp without it.
[[nodiscard]] std::string temporary_root();

}  // namespace patchpipe
