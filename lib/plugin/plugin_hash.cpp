// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plugin/plugin_hash.h"

#include "file/content_hash.h"

namespace patchpipe {

std::string binary_hash(const PluginFile& file) {
    constexpr std::size_t largest_binary = std::size_t{4} << 30;
    return file_hash(file.binary, largest_binary);
}

std::string plugin_hash(const PluginFile& file) {
    const auto hash = binary_hash(file);
    return file.format == PluginFormat::lv2 ? hash + " " + file.identifier : hash;
}

}  // namespace patchpipe
