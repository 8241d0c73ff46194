// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// How a function that plug-ins find in place of the C library's calls that one.
#pragma once

#include <dlfcn.h>

namespace patchpipe {

/// The function of this name that comes after ours in the symbol look-up.
template <typename Function>
[[nodiscard]] Function* next(const char* name) {
    return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

}  // namespace patchpipe
