// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "job/sandbox_options.h"

#include <filesystem>

#include "base/error.h"
#include "base/words.h"
#include "file/absolute.h"

namespace patchpipe {

void SandboxOptions::declare(CommandLine& line) {
    constexpr std::int64_t most_memory = 1 << 24;
    line.choice("sandbox", mode_, {"auto", "on", "off"},
                "keep plug-ins from writing and the network");
    line.texts("allow-write", "DIR", writable_, "plug-ins may write into it; repeatable");
    declare_reading(line);
    line.flag("allow-network", network_, "plug-ins may use the network");
    line.whole_number("max-memory", "MIB", max_memory_, 1, most_memory,
                      "memory limit of each process with a plug-in");
}

void SandboxOptions::declare_reading(CommandLine& line) {
    line.flag("hide-home", hide_home_, "plug-ins read the system and their own files only");
    line.texts("allow-read", "PATH", readable_, "they may read it all the same; repeatable");
}

SandboxSettings SandboxOptions::settings(const std::string& home) const {
    SandboxSettings settings{.mode = mode_ == "on"    ? SandboxMode::on
                                     : mode_ == "off" ? SandboxMode::off
                                                      : SandboxMode::automatic,
                             .network = network_,
                             .hide_home = hide_home_};
    if (hide_home_ && settings.mode == SandboxMode::off)
        throw UsageError("--hide-home: is kept by the sandbox, so leave out --sandbox off");
    if (hide_home_) settings.mode = SandboxMode::on;
    for (const auto& folder : writable_) {
        std::error_code unseen;
        if (!std::filesystem::is_directory(folder, unseen))
            throw UsageError("--allow-write: '" + printable(folder) +
                             "' is not a folder; make it, or name another");
        settings.writable.push_back(absolute_path(folder));
    }
    for (const auto& path : readable_) {
        std::error_code unseen;
        if (!std::filesystem::exists(path, unseen))
            throw UsageError("--allow-read: '" + printable(path) +
                             "' is not there; name a file or folder");
        settings.readable.push_back(absolute_path(path));
    }
    if (!home.empty()) settings.writable.push_back(home);
    if (settings.mode == SandboxMode::on && !sandbox_available())
        throw UsageError(std::string(hide_home_ ? "--hide-home" : "--sandbox") +
                         ": the kernel has no Landlock, or does not allow it here; it is "
                         "in Linux since 5.13");
    return settings;
}

SandboxSettings sandbox_for(SandboxSettings settings, bool named_by_user) {
    if (settings.mode == SandboxMode::automatic && !named_by_user && sandbox_available())
        settings.mode = SandboxMode::on;
    return settings;
}

Error with_way_out(const Error& error) {
    if (error.kind() != ErrorKind::plugin_load && error.kind() != ErrorKind::crash) return error;
    return Error(
        error.kind(), "",
        std::string(error.what()) +
            "; it may need what the sandbox refuses: --plugin with its name, or --sandbox off",
        error.place());
}

std::optional<std::string> missing_sandbox(const SandboxSettings& settings) {
    if (settings.mode != SandboxMode::automatic || sandbox_available()) return {};
    return "the kernel has no Landlock, or does not allow it here: plug-ins are opened without a "
           "sandbox";
}

std::string outside_warning(std::string_view plugin) {
    return std::string(plugin) +
           ": opened without the sandbox, as it does not open inside; --sandbox on shows why";
}

}  // namespace patchpipe
