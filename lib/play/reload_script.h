// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Reloads at exact frames, from a file of records: {"time":0.5,"plugin_path":"new.so"}, or
// "frame" in place of "time".
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace patchpipe {

struct ScriptedReload {
    std::int64_t frame;       ///< of the playing, above 0
    std::string plugin_path;  ///< as find_source() takes it
};

/// In order of their frames. Throws Error not-found or io; bad-record, with the line, for a line
/// that is no such record, and for one that is not behind the one before.
[[nodiscard]] std::vector<ScriptedReload> read_reload_script(const std::string& path,
                                                             int sample_rate);

}  // namespace patchpipe
