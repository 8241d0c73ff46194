// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "play/reload_script.h"

#include <algorithm>
#include <string_view>

#include "base/error.h"
#include "file/read_file.h"
#include "midi/time_map.h"
#include "record/record.h"

namespace patchpipe {
namespace {

constexpr std::size_t largest_script = std::size_t{64} << 20;

[[noreturn]] void refuse(const std::string& why) { throw Error(ErrorKind::bad_record, "", why); }

ScriptedReload read_reload(const Record& record, int sample_rate) {
    constexpr double longest = 1e6;  // seconds
    const auto plugin_path = record.path("plugin_path");
    if (!plugin_path) refuse("plugin_path is missing");
    const auto frame = record.integer("frame");
    const auto time = record.number("time");
    if (frame.has_value() == time.has_value()) refuse("either time or frame is needed");
    if (time && !(*time >= 0 && *time <= longest)) refuse("time must be 0 to 1000000 seconds");
    const auto at = frame ? *frame : frame_at(*time, sample_rate);
    if (at < 1) refuse("a reload is behind the first frame at the earliest");
    return {at, *plugin_path};
}

}  // namespace

std::vector<ScriptedReload> read_reload_script(const std::string& path, int sample_rate) {
    const auto text = read_file(path, largest_script, Accept::anything);
    std::vector<ScriptedReload> reloads;
    std::size_t number = 0;
    for (std::string_view left = text; !left.empty();) {
        ++number;
        const auto line = left.substr(0, left.find('\n'));
        left.remove_prefix(std::min(left.size(), line.size() + 1));
        if (line.find_first_not_of(" \t\r") == line.npos) continue;
        try {
            reloads.push_back(read_reload(Record(line), sample_rate));
            if (reloads.size() > 1 && reloads.back().frame <= (reloads.end() - 2)->frame)
                refuse("is not behind the reload before it");
        } catch (const Error& error) {
            throw Error(ErrorKind::bad_record, path,
                        "line " + std::to_string(number) + ": " + error.what());
        }
    }
    return reloads;
}

}  // namespace patchpipe
