// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "watch/diagnostics.h"

#include <utility>

#include "base/number.h"

namespace patchpipe {
namespace {

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\r')) text.remove_suffix(1);
    return text;
}

// Takes ":NUMBER" from the end; 0 if there is none.
int take_number(std::string_view& text) {
    const auto colon = text.rfind(':');
    if (colon == text.npos) return 0;
    const auto number = parse_whole<int>(trimmed(text.substr(colon + 1)));
    if (!number || *number < 1) return 0;
    text = trimmed(text.substr(0, colon));
    return *number;
}

// "organ.cpp:12:5" or "organ.dsp:12".
ErrorPlace place_in(std::string_view text) {
    text = trimmed(text);
    const int last = take_number(text), first = take_number(text);
    if (first == 0) return {.path = std::string(text), .line = last, .column = 0};
    return {.path = std::string(text), .line = first, .column = last};
}

Error error_at(const ErrorPlace& place, std::string_view message) {
    return Error(ErrorKind::plugin_load, place.path, trimmed(message), place);
}

}  // namespace

std::optional<Error> Diagnostics::take(std::string_view line) {
    constexpr std::string_view arrow = "--> ",
                               words[] = {": fatal error: ", ": error: ", " : ERROR : "};
    if (const auto at = line.find(arrow); at != line.npos && !of_rustc_.empty())
        return error_at(place_in(line.substr(at + arrow.size())), std::exchange(of_rustc_, {}));
    for (const auto word : words)
        if (const auto at = line.find(word); at != line.npos && at > 0) {
            const auto place = place_in(line.substr(0, at));
            // Without a line it is of a driver, such as "collect2", that repeats another one.
            if (place.line > 0) return error_at(place, line.substr(at + word.size()));
        }
    const bool of_rustc = line.starts_with("error[") || line.starts_with("error: ");
    if (of_rustc) of_rustc_ = line.substr(line.find(": ") + 2);
    constexpr std::string_view undefined = ": undefined reference to ";
    if (line.find(undefined) != line.npos) return Error(ErrorKind::plugin_load, "", trimmed(line));
    return {};
}

}  // namespace patchpipe
