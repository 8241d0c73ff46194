// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "record/error.h"

#include <system_error>

namespace patchpipe {

std::string_view to_string(ErrorKind kind) {
    switch (kind) {
        case ErrorKind::bad_record:
            return "bad-record";
        case ErrorKind::not_found:
            return "not-found";
        case ErrorKind::unsupported:
            return "unsupported";
        case ErrorKind::corrupt:
            return "corrupt";
        case ErrorKind::wrong_plugin:
            return "wrong-plugin";
        case ErrorKind::plugin_load:
            return "plugin-load";
        case ErrorKind::preset_rejected:
            return "preset-rejected";
        case ErrorKind::crash:
            return "crash";
        case ErrorKind::timeout:
            return "timeout";
        case ErrorKind::non_finite:
            return "non-finite";
        case ErrorKind::io:
            return "io";
    }
    return "io";
}

Error::Error(ErrorKind kind, std::string_view subject, std::string_view message)
    : std::runtime_error(subject.empty() ? std::string(message)
                                         : std::string(subject) + ": " + std::string(message)),
      kind_(kind) {}

std::string system_message(int error_number) {
    return std::generic_category().message(error_number);
}

}  // namespace patchpipe
