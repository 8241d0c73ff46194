// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "catalog/preset_files.h"

#include <strings.h>

#include "file/absolute.h"

namespace patchpipe {
namespace {

bool ends_in(std::string_view name, std::string_view suffix) {
    return name.size() >= suffix.size() && ::strncasecmp(name.data() + name.size() - suffix.size(),
                                                         suffix.data(), suffix.size()) == 0;
}

}  // namespace

std::optional<std::string_view> preset_format(std::string_view path) {
    const auto name = file_name(path);
    if (name.starts_with("._")) return {};
    for (const auto& known : preset_suffixes)
        if (ends_in(name, known.suffix)) return known.format;
    return {};
}

std::string_view suffix_of(std::string_view format) {
    for (const auto& known : preset_suffixes)
        if (known.format == format) return known.suffix;
    return {};
}

std::string_view player_of(std::string_view format) {
    for (const auto& known : preset_suffixes)
        if (known.format == format) return known.player;
    return {};
}

std::string preset_suffix_list() {
    std::string list;
    for (const auto& known : preset_suffixes)
        list += (list.empty() ? "" : ", ") + std::string(known.suffix);
    return list;
}

}  // namespace patchpipe
