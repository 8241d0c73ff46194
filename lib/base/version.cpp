// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/version.h"

namespace patchpipe {

const char* const kit_version = PATCHPIPE_VERSION;
const char* const left_out = PATCHPIPE_LEFT_OUT;
const char* const compiling_sources = PATCHPIPE_COMPILING_SOURCES;

}  // namespace patchpipe
