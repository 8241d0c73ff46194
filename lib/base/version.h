// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The version of the kit, and of a part of it.
#pragma once

namespace patchpipe {

/// As in the file VERSION. Only version.cpp is compiled again when that changes.
extern const char* const kit_version;

/// What this build lacks, as in ", without faust, module"; "" if it has everything.
extern const char* const left_out;

/// A hash of the sources that decide what a plug-in is compiled into when it is opened.
extern const char* const compiling_sources;

}  // namespace patchpipe
