// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/tunables.h"

#include <cstdlib>
#include <string>

namespace patchpipe {

void add_tunables(std::string_view settings) {
    const char* given = std::getenv("GLIBC_TUNABLES");
    const auto all = std::string(settings) + (given ? ":" + std::string(given) : "");
    setenv("GLIBC_TUNABLES", all.c_str(), 1);
}

}  // namespace patchpipe
