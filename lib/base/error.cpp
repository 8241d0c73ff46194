// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/error.h"

#include <system_error>
#include <utility>

#include "base/words.h"

namespace patchpipe {

namespace {

constexpr std::pair<ErrorKind, std::string_view> names[] = {
    {ErrorKind::bad_record, "bad-record"},
    {ErrorKind::not_found, "not-found"},
    {ErrorKind::unsupported, "unsupported"},
    {ErrorKind::corrupt, "corrupt"},
    {ErrorKind::wrong_plugin, "wrong-plugin"},
    {ErrorKind::plugin_load, "plugin-load"},
    {ErrorKind::preset_rejected, "preset-rejected"},
    {ErrorKind::crash, "crash"},
    {ErrorKind::timeout, "timeout"},
    {ErrorKind::non_finite, "non-finite"},
    {ErrorKind::io, "io"},
};

}  // namespace

std::string_view to_string(ErrorKind kind) {
    for (const auto& [one, name] : names)
        if (one == kind) return name;
    return "io";
}

ErrorKind kind_named(std::string_view name) {
    for (const auto& [kind, one] : names)
        if (one == name) return kind;
    return ErrorKind::io;
}

Error::Error(ErrorKind kind, std::string_view subject, std::string_view message,
             const std::optional<ErrorPlace>& place)
    : std::runtime_error((subject.empty() ? "" : printable(subject) + ": ") + printable(message)),
      kind_(kind),
      place_(place) {}

void refuse_corrupt(std::string_view subject, std::string_view message) {
    throw Error(ErrorKind::corrupt, subject, message);
}

void refuse_unsupported(std::string_view subject, std::string_view message) {
    throw Error(ErrorKind::unsupported, subject, message);
}

std::string system_message(int error_number) {
    return std::generic_category().message(error_number);
}

}  // namespace patchpipe
