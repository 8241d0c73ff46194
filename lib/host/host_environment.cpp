// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/host_environment.h"

#include <cstdlib>
#include <string>
#include <string_view>

namespace patchpipe {
namespace {

// malloc reads these once, when a process starts. hugetlb asks for huge pages, and has them only
// where blocks lie together: so no block below 32 MB is a mapping of its own. perturb=255 fills
// what it gives with the complement, zeros: a plug-in that reads what it never wrote would find
// what earlier allocations left, which differ from job to job. Its per-thread cache would not fill.
void tune_malloc() {
    const char* given = std::getenv("GLIBC_TUNABLES");
    const std::string tunables = (given ? std::string(given) + ":" : "") +
                                 "glibc.malloc.hugetlb=1:glibc.malloc.mmap_threshold=33554432:"
                                 "glibc.malloc.perturb=255:glibc.malloc.tcache_count=0";
    setenv("GLIBC_TUNABLES", tunables.c_str(), 1);
}

// No window is ever opened, and an X server would only be in the way. Plug-ins that make a
// QApplication abort without a display unless Qt is told to draw into memory.
void hide_displays() {
    unsetenv("DISPLAY");
    unsetenv("WAYLAND_DISPLAY");
    const char* given = std::getenv("QT_QPA_PLATFORM");
    const std::string_view platform = given ? given : "xcb";
    const bool needs_display =
        platform.find("xcb") != platform.npos || platform.find("wayland") != platform.npos;
    if (needs_display) setenv("QT_QPA_PLATFORM", "offscreen", 1);
}

}  // namespace

void set_host_environment() {
    tune_malloc();
    hide_displays();
}

}  // namespace patchpipe
