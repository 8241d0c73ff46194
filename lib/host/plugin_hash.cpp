// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/plugin_hash.h"

#include <sys/utsname.h>
#include <filesystem>

#include "record/content_hash.h"
#include "record/file.h"

namespace patchpipe {
namespace {

std::string binary_of_bundle(const std::string& bundle) {
    namespace fs = std::filesystem;
    if (!fs::is_directory(bundle)) return bundle;
    utsname machine{};
    uname(&machine);
    const fs::path path(bundle);
    return path / "Contents" / (std::string(machine.machine) + "-linux") /
           (path.stem().string() + ".so");
}

}  // namespace

std::string plugin_hash(const PluginFile& file) {
    if (file.format == PluginFormat::lv2) return file.identifier;
    constexpr std::size_t largest = std::size_t{2} << 30;
    return content_hash(read_file(binary_of_bundle(file.identifier), largest));
}

}  // namespace patchpipe
