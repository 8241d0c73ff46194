// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "preset/fxp.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "base/byte_order.h"
#include "base/error.h"
#include "base/hex.h"
#include "base/utf8.h"
#include "base/words.h"
#include "preset/fx_numbers.h"

namespace patchpipe {
namespace {

constexpr std::size_t name_at = 28, name_size = 28, program_content_at = 56;
constexpr std::size_t bank_state_at = 156;

FxKind kind_of(std::string_view word, std::string_view name) {
    if (word == "FxCk") return FxKind::parameters;
    if (word == "FPCh") return FxKind::state;
    if (word == "FxBk") return FxKind::bank_parameters;
    if (word == "FBCh") return FxKind::bank_state;
    refuse_corrupt(name,
                   "has '" + printable(word) +
                       "' where FxCk, FPCh, FxBk or FBCh should be, at byte 8; it is damaged");
}

std::string latin1_to_utf8(std::string_view text) {
    std::string utf8;
    for (const char c : text) append_utf8(utf8, static_cast<unsigned char>(c));
    return utf8;
}

// Old writers used their system's encoding, most likely Latin-1; new ones may cut a character of
// several bytes in two where the field ends.
std::string program_name(std::string_view field) {
    const auto text = field.substr(0, field.find('\0'));
    if (is_utf8(text)) return std::string(text);
    if (text.size() == field.size())
        for (std::size_t cut = 1; cut <= 3; ++cut)
            if (const auto shorter = text.substr(0, text.size() - cut); is_utf8(shorter))
                if (static_cast<unsigned char>(text[shorter.size()]) >= 0xc2)
                    return std::string(shorter);
    return latin1_to_utf8(text);
}

std::vector<float> parse_parameters(std::string_view bytes, std::uint32_t count,
                                    std::string_view name) {
    const auto held = (bytes.size() - program_content_at) / 4;
    if (count > held)
        refuse_corrupt(name, "declares " + std::to_string(count) + " parameters and holds " +
                                 std::to_string(held) + "; it is cut short");
    std::vector<float> values;
    values.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        values.push_back(std::bit_cast<float>(fx_number_at(bytes, program_content_at + 4 * i)));
        if (!std::isfinite(values.back()))
            refuse_corrupt(name, "parameter " + std::to_string(i) +
                                     " of the program is not a finite number; the file is damaged");
    }
    return values;
}

std::string_view parse_state(std::string_view bytes, std::size_t at, std::string_view name) {
    if (bytes.size() < at + 4)
        refuse_corrupt(name, "ends before the size of its state; it is cut short");
    const auto held = bytes.size() - at;
    const auto size = fx_number_at(bytes, at);
    if (size > held - 4)
        refuse_corrupt(name, "declares a state of " + std::to_string(size) + " bytes and holds " +
                                 std::to_string(held - 4) + "; it is cut short");
    if (size == 0) refuse_corrupt(name, "holds an empty state; save the program again");
    return bytes.substr(at + 4, size);
}

// As much of the name as fits into the field with a NUL behind it, cut between two characters.
std::string name_field(std::string name) {
    name.resize(std::min(name.size(), name_size - 1));
    while (!is_utf8(name)) name.pop_back();
    name.resize(name_size, '\0');
    return name;
}

}  // namespace

FxHeader parse_fx_header(std::string_view bytes, std::string_view name) {
    if (!fx_magic.starts_with(bytes.substr(0, fx_magic.size())))
        refuse_corrupt(name, "does not begin with CcnK; it is not a VST2 preset or bank");
    if (bytes.size() < program_content_at)
        refuse_corrupt(name, "ends within its header, after " + std::to_string(bytes.size()) +
                                 " of " + std::to_string(program_content_at) +
                                 " bytes; it is cut short");
    FxHeader header{.kind = kind_of(bytes.substr(8, 4), name),
                    .format_version = fx_number_at(bytes, 12),
                    .plugin_id = fx_number_at(bytes, 16),
                    .plugin_version = fx_number_at(bytes, 20),
                    .count = fx_number_at(bytes, 24),
                    .program_name = {}};
    if (header.kind == FxKind::parameters || header.kind == FxKind::state)
        header.program_name = program_name(bytes.substr(name_at, name_size));
    return header;
}

Fxp parse_fxp(std::string_view bytes, std::string_view name) {
    Fxp fxp{.header = parse_fx_header(bytes, name), .parameters = {}, .state = {}};
    switch (fxp.header.kind) {
        case FxKind::parameters:
            fxp.parameters = parse_parameters(bytes, fxp.header.count, name);
            break;
        case FxKind::state:
            fxp.state = parse_state(bytes, program_content_at, name);
            break;
        case FxKind::bank_parameters:
        case FxKind::bank_state:
            throw Error(ErrorKind::unsupported, name,
                        "is a bank of programs; give one of them as an .fxp");
    }
    return fxp;
}

Fxp parse_fx_state(std::string_view bytes, std::string_view name) {
    const auto header = parse_fx_header(bytes, name);
    if (header.kind != FxKind::bank_state) return parse_fxp(bytes, name);
    return {header, {}, parse_state(bytes, bank_state_at, name)};
}

std::vector<std::string> bank_program_names(std::string_view begin, std::string_view name,
                                            std::size_t most) {
    std::vector<std::string> names;
    if (begin.size() < bank_state_at || !begin.starts_with(fx_magic)) return names;
    if (parse_fx_header(begin, name).kind != FxKind::bank_parameters) return names;
    for (auto rest = begin.substr(bank_state_at);
         names.size() < most && rest.size() >= program_content_at && rest.starts_with(fx_magic);) {
        const auto header = parse_fx_header(rest, name);
        if (header.kind != FxKind::parameters) break;
        names.push_back(header.program_name);
        const auto size = program_content_at + std::size_t{header.count} * sizeof(float);
        rest.remove_prefix(std::min(rest.size(), size));
    }
    return names;
}

std::string build_fxp(const Fxp& fxp) {
    const bool is_state = fxp.header.kind == FxKind::state;
    std::string content;
    if (is_state) {
        append_big_endian(content, static_cast<std::uint32_t>(fxp.state.size()));
        content += fxp.state;
    } else {
        for (const float value : fxp.parameters)
            append_big_endian(content, std::bit_cast<std::uint32_t>(value));
    }
    std::string bytes{fx_magic};
    append_big_endian(bytes, static_cast<std::uint32_t>(program_content_at - 8 + content.size()));
    bytes += is_state ? "FPCh" : "FxCk";
    const auto count = is_state ? fxp.header.count : fxp.parameters.size();
    for (const auto number : {fxp.header.format_version, fxp.header.plugin_id,
                              fxp.header.plugin_version, static_cast<std::uint32_t>(count)})
        append_big_endian(bytes, number);
    return bytes + name_field(fxp.header.program_name) + content;
}

std::string plugin_id_text(std::uint32_t id) {
    std::string text;
    append_big_endian(text, id);
    const bool printable =
        std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
    return printable ? text : "0x" + to_hex(id, 8);
}

std::string show_plugin_id(std::uint32_t id) {
    std::string text;
    append_big_endian(text, id);
    return "'" + printable(text) + "' (0x" + to_hex(id, 8) + ")";
}

}  // namespace patchpipe
