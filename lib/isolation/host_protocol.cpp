// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "isolation/host_protocol.h"

#include <cstdio>

#include "base/json.h"

namespace patchpipe {

std::optional<HostDescriptors> host_descriptors(int argc, char** argv) {
    HostDescriptors fds{};
    if (argc != 3 || argv[1] != host_option) return {};
    if (std::sscanf(argv[2], "%d,%d", &fds.socket, &fds.board) != 2) return {};
    return fds;
}

Error death_of(std::string_view plugin, Phase phase, bool hung, std::chrono::milliseconds timeout,
               std::string_view how) {
    const auto during = " while " + std::string(to_string(phase));
    if (hung)
        return Error(ErrorKind::timeout, plugin,
                     "did not finish within " +
                         json_number(static_cast<double>(timeout.count()) / 1000) + " seconds" +
                         during + "; --timeout gives it longer");
    return Error(ErrorKind::crash, plugin, "crashed" + during + " (" + std::string(how) + ")");
}

Error error_of(const Record& fields) {
    return Error(kind_named(fields.text("error_kind").value_or("")), "",
                 fields.text("error").value_or(""));
}

}  // namespace patchpipe
