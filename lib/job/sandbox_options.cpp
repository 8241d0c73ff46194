// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "job/sandbox_options.h"

namespace patchpipe {

void SandboxOptions::declare(CommandLine& line) {
    constexpr std::int64_t most_memory = 1 << 24;
    line.choice("sandbox", mode_, {"auto", "on", "off"},
                "keep plug-ins from writing and the network");
    line.texts("allow-write", "DIR", writable_, "plug-ins may write into it; repeatable");
    line.flag("allow-network", network_, "plug-ins may use the network");
    line.whole_number("max-memory", "MIB", max_memory_, 1, most_memory,
                      "memory limit of each process with a plug-in");
}

SandboxSettings SandboxOptions::settings(const std::string& home) const {
    return sandbox_settings(mode_, writable_, network_, home);
}

}  // namespace patchpipe
