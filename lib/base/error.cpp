// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/error.h"

#include <algorithm>
#include <system_error>
#include <utility>

#include "base/controls.h"
#include "base/json.h"

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

std::string printable(std::string_view text) {
    constexpr std::string_view hex = "0123456789abcdef";
    const bool utf8 = is_utf8(text);
    std::string shown;
    while (!text.empty()) {
        const auto byte = static_cast<unsigned char>(text.front());
        auto hidden = control_at_front(text).bytes;
        if (!utf8) hidden = byte < 0x20 || byte >= 0x7f ? 1 : 0;
        for (const char part : text.substr(0, hidden)) {
            const auto value = static_cast<unsigned char>(part);
            shown += {'\\', 'x', hex[value >> 4], hex[value & 15]};
        }
        if (hidden == 0) shown += text.front();
        text.remove_prefix(std::max<std::size_t>(hidden, 1));
    }
    return shown;
}

std::string with_article(std::string_view word) {
    constexpr std::string_view vowels = "aeiouAEIOU";
    // A word without a vowel is spelt out: "el vee two".
    const bool spelt = word.find_first_of(vowels) == word.npos;
    const auto open = spelt ? std::string_view("aefhilmnorsxAEFHILMNORSX") : vowels;
    const bool vowel = !word.empty() && open.find(word.front()) != open.npos;
    return (vowel ? "an " : "a ") + std::string(word);
}

std::string some_of(std::vector<std::string> names) {
    constexpr std::size_t most = 3;
    std::sort(names.begin(), names.end());
    std::string list;
    for (std::size_t i = 0; i < std::min(most, names.size()); ++i)
        list += (i > 0 ? ", " : "") + names[i];
    if (names.size() > most) list += " and " + std::to_string(names.size() - most) + " more";
    return list;
}

Error::Error(ErrorKind kind, std::string_view subject, std::string_view message)
    : std::runtime_error((subject.empty() ? "" : printable(subject) + ": ") + printable(message)),
      kind_(kind) {}

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
