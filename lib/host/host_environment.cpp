// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/host_environment.h"

#include <cstdlib>
#include <string_view>

#include "host/host_memory.h"

namespace patchpipe {
namespace {

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
