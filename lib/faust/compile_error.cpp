// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "faust/compile_error.h"

#include <algorithm>
#include <tuple>

#include "base/number.h"
#include "faust/error_column.h"
#include "faust/source_files.h"
#include "file/read_file.h"

namespace patchpipe {
namespace {

constexpr std::size_t largest_library = std::size_t{64} << 20;

// "FILE : LINE :"; another place is none.
void take_place(std::string_view place, FaustCompileError& error) {
    place = place.substr(0, place.find_last_not_of(" :") + 1);
    const auto colon = place.rfind(':');
    if (colon == place.npos) return;
    auto number = place.substr(colon + 1);
    number.remove_prefix(std::min(number.find_first_not_of(' '), number.size()));
    const auto line = parse_whole<int>(number);
    if (!line || *line < 1) return;
    error.line = *line;
    const auto name = place.substr(0, colon);
    error.file = name.substr(0, name.find_last_not_of(' ') + 1);
}

// The path of a file that the compiler names, and what is in it; its name alone if it is not found.
std::pair<std::string, std::string> named_file(const std::string& name,
                                               const RefusedProgram& program) try {
    const auto path = file_in_folders(name, faust_folders(program.path, program.options));
    return path.empty() ? std::pair(name, std::string())
                        : std::pair(path, read_file(path, largest_library));
} catch (const Error&) {
    return {name, ""};
}

std::string sentence_of(const FaustCompileError& error, std::string_view program) {
    std::string sentence = "does not compile: ";
    if (error.line > 0) {
        if (error.file != program) sentence += error.file + ", ";
        sentence += "line " + std::to_string(error.line) + ": ";
    }
    if (error.words.empty()) return sentence + "the compiler does not say why";
    sentence += error.words;
    // Of a function whose header is not one of C's own, and of constants and variables.
    const bool is_foreign =
        error.words.find(" foreign ") != error.words.npos &&
        error.words.find("not allowed in this compilation mode") != error.words.npos;
    return is_foreign ? sentence + "; " + std::string(foreign_advice) : sentence;
}

}  // namespace

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

// "FILE : LINE : ERROR : WORDS" or "ERROR : WORDS"; a few errors have a number, "ERROR1 : WORDS",
// and those about a symbol the end of its file, "ERROR (file FILE:LAST) : WORDS".
FaustCompileError parse_faust_error(std::string_view message) {
    const auto text = on_one_line(message);
    constexpr std::string_view mark = "ERROR", colon_mark = " : ", file_mark = " (file ";
    const auto found = text.find(mark);
    auto end = text.find_first_not_of("0123456789", found + mark.size());
    FaustCompileError error{.file = "", .words = text};
    if (found == text.npos || end == text.npos) return error;
    if (text.compare(end, file_mark.size(), file_mark) == 0) {
        const auto close = text.find(')', end);
        if (close == text.npos) return error;
        end = close + 1;
    }
    if (text.compare(end, colon_mark.size(), colon_mark) != 0) return error;
    error.words = text.substr(end + colon_mark.size());
    take_place(std::string_view(text).substr(0, found), error);
    return error;
}

std::string faust_error_sentence(std::string_view message, std::string_view program) {
    return sentence_of(parse_faust_error(message), program);
}

Error faust_compile_error(std::string_view message, const RefusedProgram& program) {
    auto error = parse_faust_error(message);
    ErrorPlace place{.path = program.path, .line = error.line};
    if (error.line == 0) {
        const auto found = place_of_missing_file(program.text, error.words);
        error.file = program.name;
        error.line = place.line = found.line;
        place.column = found.column;
    } else if (error.file == program.name) {
        place.column = error_column(program.text, error.line, error.words);
    } else {
        std::string library;
        std::tie(place.path, library) = named_file(error.file, program);
        place.column = error_column(library, error.line, error.words);
    }
    return Error(ErrorKind::plugin_load, program.path, sentence_of(error, program.name), place);
}

}  // namespace patchpipe
