// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The version of the kit.
#pragma once

namespace patchpipe {

/// As in the file VERSION. Only version.cpp is compiled again when that changes.
extern const char* const kit_version;

}  // namespace patchpipe
