// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "faust/error_column.h"

#include <algorithm>
#include <string>

namespace patchpipe {
namespace {

// The names that the compiler's messages have for what is written like this. The longest of those
// that begin alike come first.
struct Symbol {
    std::string_view written, name;
};
constexpr Symbol symbols[] = {
    {"<:", "SPLIT"}, {":>", "MIX"},    {"+>", "MIX"},  {"<<", "LSH"},  {">>", "RSH"},
    {"<=", "LE"},    {">=", "GE"},     {"==", "EQ"},   {"!=", "NE"},   {"=>", "ARROW"},
    {"+", "ADD"},    {"-", "SUB"},     {"*", "MUL"},   {"/", "DIV"},   {"%", "MOD"},
    {"@", "FDELAY"}, {"'", "DELAY1"},  {"&", "AND"},   {"|", "OR"},    {"^", "POWOP"},
    {"<", "LT"},     {">", "GT"},      {":", "SEQ"},   {",", "PAR"},   {"~", "REC"},
    {"!", "CUT"},    {";", "ENDDEF"},  {"=", "DEF"},   {"(", "LPAR"},  {")", "RPAR"},
    {"{", "LBRAQ"},  {"}", "RBRAQ"},   {"[", "LCROC"}, {"]", "RCROC"}, {"\\", "LAMBDA"},
    {".", "DOT"},    {"\"", "STRING"},
};

// Of words whose name in there is not the word in capital letters.
constexpr Symbol words_with_names[] = {
    {"_", "WIRE"},        {"par", "IPAR"},      {"seq", "ISEQ"},        {"sum", "ISUM"},
    {"prod", "IPROD"},    {"int", "INTCAST"},   {"float", "FLOATCAST"}, {"pow", "POWFUN"},
    {"rdtable", "RDTBL"}, {"rwtable", "RWTBL"},
};

bool is_word_character(char c) {
    return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// Comments become spaces, byte for byte, and so does a text behind its first quote.
std::string without_comments_and_texts(std::string_view text) {
    std::string kept(text);
    const auto blank = [&](std::size_t from, std::size_t to) {
        for (; from < std::min(to, kept.size()); ++from)
            if (kept[from] != '\n') kept[from] = ' ';
    };
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto rest = text.substr(i);
        if (!rest.starts_with("//") && !rest.starts_with("/*") && rest[0] != '"') continue;
        const std::string_view end_mark = rest[0] == '"' ? "\"" : rest[1] == '/' ? "\n" : "*/";
        const auto found = text.find(end_mark, i + end_mark.size());
        const auto end = found == text.npos ? text.size() : found + end_mark.size();
        blank(rest[0] == '"' ? i + 1 : i, end);
        i = end - 1;
    }
    return kept;
}

std::string_view line_of(std::string_view text, int line) {
    for (; line > 1; --line) {
        const auto end = text.find('\n');
        if (end == text.npos) return "";
        text.remove_prefix(end + 1);
    }
    return text.substr(0, text.find('\n'));
}

std::string capitals(std::string_view word) {
    std::string text(word);
    for (char& c : text)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    return text;
}

// How much of the line is the next token.
std::size_t token_length(std::string_view rest) {
    for (const auto& symbol : symbols)
        if (rest.starts_with(symbol.written)) return symbol.written.size();
    std::size_t length = 1;
    const bool is_number = rest[0] >= '0' && rest[0] <= '9';
    if (is_word_character(rest[0]))
        while (length < rest.size() &&
               (is_word_character(rest[length]) || (is_number && rest[length] == '.')))
            ++length;
    return length;
}

// Which words are identifiers is not known: all of them may be.
bool is_called(std::string_view token, std::string_view name) {
    const auto called = [&](const Symbol& symbol) {
        return symbol.written == token && symbol.name == name;
    };
    const bool is_number = token[0] >= '0' && token[0] <= '9';
    if (name == "INT" || name == "FLOAT") return is_number;
    if (name == "IDENT") return !is_number && is_word_character(token[0]);
    return std::any_of(std::begin(symbols), std::end(symbols), called) ||
           std::any_of(std::begin(words_with_names), std::end(words_with_names), called) ||
           (is_word_character(token[0]) && capitals(token) == name);
}

// What the words name: a token, or an identifier.
struct Wanted {
    std::string_view token, identifier;
};

Wanted wanted_in(std::string_view words) {
    constexpr std::string_view unexpected = "unexpected ", symbol = "symbol : ";
    if (const auto found = words.find(unexpected); found != words.npos) {
        const auto rest = words.substr(found + unexpected.size());
        return {.token = rest.substr(0, rest.find_first_of(", ")), .identifier = ""};
    }
    if (const auto found = words.find(symbol); found != words.npos) {
        const auto rest = words.substr(found + symbol.size());
        return {.token = "", .identifier = rest.substr(0, rest.find(' '))};
    }
    return {};
}

int characters(std::string_view utf8) {
    return static_cast<int>(std::count_if(utf8.begin(), utf8.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
    }));
}

}  // namespace

int error_column(std::string_view text, int line, std::string_view words) {
    const auto wanted = wanted_in(words);
    if (line < 1 || (wanted.token.empty() && wanted.identifier.empty())) return 0;
    const auto program = without_comments_and_texts(text);
    const auto searched = line_of(program, line);
    int column = 0;
    for (std::size_t at = 0; at < searched.size();) {
        const auto token = searched.substr(at, token_length(searched.substr(at)));
        const bool is_it =
            wanted.token.empty() ? token == wanted.identifier : is_called(token, wanted.token);
        if (is_it && column > 0) return 0;
        if (is_it) column = characters(line_of(text, line).substr(0, at)) + 1;
        at += token.size();
    }
    return column;
}

LineAndColumn place_of_missing_file(std::string_view text, std::string_view words) {
    constexpr std::string_view mark = "unable to open file ";
    if (!words.starts_with(mark)) return {};
    const auto quoted = '"' + std::string(words.substr(mark.size())) + '"';
    const auto program = without_comments_and_texts(text);
    auto found = text.npos;
    for (auto at = text.find(quoted); at != text.npos; at = text.find(quoted, at + 1)) {
        if (program[at] != '"') continue;
        if (found != text.npos) return {};
        found = at;
    }
    if (found == text.npos) return {};
    const auto before = text.substr(0, found);
    const auto line_begin = before.rfind('\n') + 1;  // 0 if there is none
    return {.line = static_cast<int>(std::count(before.begin(), before.end(), '\n')) + 1,
            .column = characters(before.substr(line_begin)) + 1};
}

}  // namespace patchpipe
