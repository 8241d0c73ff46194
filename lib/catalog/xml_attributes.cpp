// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "catalog/xml_attributes.h"

#include <array>
#include <cstdint>
#include <optional>
#include <utility>

#include "base/number.h"
#include "base/utf8.h"

namespace patchpipe {
namespace {

constexpr std::string_view spaces = " \t\r\n";
constexpr std::size_t longest_entity = 10;  // "&#x10ffff;"

// The character that "amp", "#38" or "#x26" stands for; nothing for an unknown entity.
std::optional<std::uint32_t> character_of(std::string_view entity) {
    constexpr std::array<std::pair<std::string_view, char>, 5> named = {
        {{"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}}};
    for (const auto& [name, character] : named)
        if (entity == name) return character;
    if (!entity.starts_with('#')) return {};
    const bool is_hex = entity.substr(1).starts_with('x');
    const auto digits = entity.substr(is_hex ? 2 : 1);
    const auto code = parse_whole<std::uint32_t>(digits, is_hex ? 16 : 10);
    if (!code || *code > 0x10ffff || (*code >= 0xd800 && *code < 0xe000)) return {};
    return code;
}

std::string decode(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        const auto semicolon =
            text.front() == '&' ? text.substr(0, longest_entity).find(';') : text.npos;
        const auto character = semicolon == std::string_view::npos
                                   ? std::optional<std::uint32_t>()
                                   : character_of(text.substr(1, semicolon - 1));
        if (character)
            append_utf8(out, *character);
        else
            out += text.front();
        text.remove_prefix(character ? semicolon + 1 : 1);
    }
    return out;
}

void skip_space(std::string_view& text) {
    text.remove_prefix(std::min(text.find_first_not_of(spaces), text.size()));
}

// Takes attributes from the front of text, up to the first thing that is not one.
XmlAttributes take_attributes(std::string_view& text) {
    XmlAttributes attributes;
    for (;;) {
        skip_space(text);
        const auto name = text.substr(0, std::min(text.find_first_of(" \t\r\n=/>"), text.size()));
        if (name.empty()) return attributes;
        auto rest = text.substr(name.size());
        skip_space(rest);
        if (!rest.starts_with('=')) return attributes;
        rest.remove_prefix(1);
        skip_space(rest);
        if (rest.empty() || (rest.front() != '"' && rest.front() != '\'')) return attributes;
        const auto end = rest.find(rest.front(), 1);
        if (end == rest.npos) return attributes;
        attributes.emplace(name, decode(rest.substr(1, end - 1)));
        text = rest.substr(end + 1);
    }
}

}  // namespace

std::vector<XmlAttributes> xml_elements(std::string_view xml, std::string_view name) {
    std::vector<XmlAttributes> elements;
    const auto tag = "<" + std::string(name);
    for (auto at = xml.find(tag); at != xml.npos; at = xml.find(tag)) {
        xml.remove_prefix(at + tag.size());
        if (!xml.empty() && spaces.find(xml.front()) != spaces.npos)
            elements.push_back(take_attributes(xml));
    }
    return elements;
}

}  // namespace patchpipe
