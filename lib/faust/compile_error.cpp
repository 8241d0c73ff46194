// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "faust/compile_error.h"

#include <algorithm>

#include "base/number.h"

namespace patchpipe {
namespace {

// A message may have several lines, with an expression in them.
std::string on_one_line(std::string_view text) {
    std::string line;
    for (const char c : text) {
        const bool space = c == ' ' || c == '\n' || c == '\t' || c == '\r';
        if (!space)
            line += c;
        else if (!line.empty() && line.back() != ' ')
            line += ' ';
    }
    if (line.ends_with(' ')) line.pop_back();
    return line;
}

}  // namespace

// "FILE : LINE : ERROR : WORDS" or "ERROR : WORDS"; a few errors have a number, "ERROR1 : WORDS".
FaustCompileError parse_faust_error(std::string_view message) {
    const auto text = on_one_line(message);
    constexpr std::string_view mark = "ERROR", colon_mark = " : ";
    const auto found = text.find(mark);
    const auto end = text.find_first_not_of("0123456789", found + mark.size());
    if (found == text.npos || end == text.npos || text.compare(end, 3, colon_mark) != 0)
        return {.file = "", .words = text};
    FaustCompileError error{.file = "", .words = text.substr(end + colon_mark.size())};
    auto place = std::string_view(text).substr(0, found);
    const auto last = place.find_last_not_of(" :");
    place = place.substr(0, last == place.npos ? 0 : last + 1);
    const auto colon = place.rfind(':');
    if (colon == place.npos) return error;
    auto number = place.substr(colon + 1);
    number.remove_prefix(std::min(number.find_first_not_of(' '), number.size()));
    const auto line = parse_whole<int>(number);
    if (!line) return error;
    error.line = *line;
    const auto name = place.substr(0, colon);
    error.file = name.substr(0, name.find_last_not_of(' ') + 1);
    return error;
}

std::string faust_error_sentence(std::string_view message, std::string_view program) {
    const auto error = parse_faust_error(message);
    std::string sentence = "does not compile: ";
    if (error.line > 0) {
        if (error.file != program) sentence += error.file + ", ";
        sentence += "line " + std::to_string(error.line) + ": ";
    }
    return sentence + (error.words.empty() ? "the compiler does not say why" : error.words);
}

}  // namespace patchpipe
