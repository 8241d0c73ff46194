// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "preset/detect.h"

#include <fcntl.h>
#include <unistd.h>
#include <cerrno>

#include "record/descriptor.h"
#include "record/error.h"

namespace patchpipe {

std::string detect_preset_format(std::string_view bytes) {
    using namespace std::string_view_literals;
    if (bytes.starts_with("CcnK")) {
        const auto kind = bytes.substr(std::min<std::size_t>(8, bytes.size()), 4);
        return kind == "FxBk" || kind == "FBCh" ? "fxb" : "fxp";
    }
    if (bytes.starts_with("VST3")) return "vstpreset";
    if (bytes.starts_with("XferJson\0"sv)) return "serum2";
    if (bytes.starts_with("VC2!")) return "state";
    return "";
}

std::string detect_preset_file(const std::string& path) {
    const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    std::string bytes(detection_size, '\0');
    const auto got = file.get() < 0 ? -1 : read(file.get(), bytes.data(), bytes.size());
    if (got < 0 && errno == ENOENT)
        throw Error(ErrorKind::not_found, path, "no such preset; check the path");
    if (got < 0) throw Error(ErrorKind::io, path, "cannot read: " + system_message(errno));
    return detect_preset_format(std::string_view(bytes).substr(0, static_cast<std::size_t>(got)));
}

}  // namespace patchpipe
