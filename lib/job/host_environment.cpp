// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "job/host_environment.h"

#include <cstdlib>
#include <filesystem>
#include <string_view>

#include "base/error.h"
#include "base/words.h"
#include "file/absolute.h"
#include "lv2/lv2_search.h"
#include "shown/memory.h"

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

void set_lv2_folders(const std::vector<std::string>& folders) {
    setenv("LV2_PATH", joined(folders, ":").c_str(), 1);
}

// Without variables of their own, the folders for data, settings and caches are in the home.
void move_home(const std::string& home) {
    set_lv2_folders(lv2_folders());
    setenv("HOME", home.c_str(), 1);
    for (const auto* variable :
         {"XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"})
        unsetenv(variable);
}

}  // namespace

void set_host_environment(const std::string& home, const std::string& lv2_folder) {
    tune_malloc();
    hide_displays();
    if (!lv2_folder.empty()) set_lv2_folders({lv2_folder});
    if (!home.empty()) move_home(home);
}

std::string host_home(const std::optional<std::string>& given) {
    if (!given) return "";
    if (given->empty()) throw UsageError("--home: is empty; name a folder");
    const auto home = absolute_path(*given);
    std::error_code why;
    if (std::filesystem::exists(home, why) && !std::filesystem::is_directory(home, why))
        throw UsageError("--home: " + printable(*given) + " is not a folder");
    try {
        make_host_home(home);
    } catch (const Error& error) {
        throw UsageError(std::string("--home: cannot make ") + error.what());
    }
    return home;
}

void make_host_home(const std::string& home) {
    if (home.empty()) return;
    // Plug-ins expect these, and not all of them make what is missing.
    for (const auto* folder : {"/.local/share", "/.config", "/.cache"}) {
        std::error_code why;
        std::filesystem::create_directories(home + folder, why);
        if (why) throw Error(ErrorKind::io, home + folder, system_message(why.value()));
    }
}

}  // namespace patchpipe
