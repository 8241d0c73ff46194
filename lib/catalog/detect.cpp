// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "catalog/detect.h"

#include "base/error.h"
#include "base/words.h"
#include "catalog/preset_formats.h"
#include "file/read_file.h"
#include "preset/fxp.h"

namespace patchpipe {

std::string detect_preset_format(std::string_view bytes) {
    for (const auto& format : preset_formats())
        if (format.begins(bytes)) return std::string(format.name);
    return "";
}

std::string detect_preset_file(const std::string& path) {
    return detect_preset_format(read_file_head(path, detection_size));
}

namespace {

// " (Bass, Lead, Pad, ...)" with the first names in the bank; empty if none can be read.
std::string first_programs(const std::string& path) try {
    constexpr std::size_t most_read = 1 << 16, most_named = 3;
    auto names = bank_program_names(read_file_head(path, most_read), path, most_named);
    std::erase(names, "");
    return names.empty() ? "" : " (" + joined(names, ", ") + ", ...)";
} catch (const Error&) {
    return "";
}

}  // namespace

void check_is_preset(std::string_view format, std::string_view path, bool program_is_chosen) {
    if (format == "fxb" && !program_is_chosen)
        throw Error(ErrorKind::unsupported, path,
                    "is a bank of programs" + first_programs(std::string(path)) +
                        "; say in the field program which one is meant");
    if (format == "pluginstate")
        throw Error(ErrorKind::unsupported, path,
                    "is the state of a plug-in built with truce, which no plug-in here loads; set "
                    "its values as parameters");
    if (format == "state")
        throw Error(ErrorKind::unsupported, path,
                    "is a state, not a preset; give it as state_path");
}

}  // namespace patchpipe
