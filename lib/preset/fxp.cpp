// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "preset/fxp.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdio>

#include "record/error.h"
#include "record/json.h"

namespace patchpipe {
namespace {

constexpr std::size_t name_offset = 28, name_size = 28, content_offset = 56;

[[noreturn]] void corrupt(const std::string& path, const std::string& why) {
    throw Error(ErrorKind::corrupt, path, why);
}

std::uint32_t big_endian(std::string_view bytes, std::size_t at) {
    std::uint32_t value = 0;
    for (const char byte : bytes.substr(at, 4))
        value = value << 8 | static_cast<unsigned char>(byte);
    return value;
}

void append_big_endian(std::string& bytes, std::uint32_t value) {
    for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(value >> shift);
}

FxKind kind_of(const std::string& path, std::string_view magic) {
    if (magic == "FxCk") return FxKind::parameters;
    if (magic == "FPCh") return FxKind::state;
    if (magic == "FxBk") return FxKind::bank_parameters;
    if (magic == "FBCh") return FxKind::bank_state;
    corrupt(path, "says neither FxCk, FPCh, FxBk nor FBCh at byte 8; it is no VST2 preset");
}

// Old writers used the encoding of their system; Latin-1 is what reads best for most of them.
std::string to_utf8(std::string_view name) {
    if (is_utf8(name)) return std::string(name);
    std::string utf8;
    for (const char c : name) {
        const auto code = static_cast<unsigned char>(c);
        if (code < 0x80) {
            utf8 += c;
        } else {
            utf8 += static_cast<char>(0xc0 | code >> 6);
            utf8 += static_cast<char>(0x80 | (code & 0x3f));
        }
    }
    return utf8;
}

std::vector<float> read_parameters(const std::string& path, std::string_view bytes,
                                   std::uint32_t count) {
    const auto held = (bytes.size() - content_offset) / 4;
    if (count > held)
        corrupt(path, "promises " + std::to_string(count) + " parameters and holds " +
                          std::to_string(held) + "; it was cut short");
    std::vector<float> values;
    for (std::size_t i = 0; i < count; ++i) {
        values.push_back(std::bit_cast<float>(big_endian(bytes, content_offset + 4 * i)));
        if (!std::isfinite(values.back()))
            corrupt(path, "has a parameter that is no number: parameter " + std::to_string(i));
    }
    return values;
}

std::string_view read_state(const std::string& path, std::string_view bytes) {
    const auto held = bytes.size() - content_offset;
    if (held < 4) corrupt(path, "ends where the size of its state should be; it was cut short");
    const auto size = big_endian(bytes, content_offset);
    if (size > held - 4)
        corrupt(path, "promises a state of " + std::to_string(size) + " bytes and holds " +
                          std::to_string(held - 4) + "; it was cut short");
    if (size == 0) corrupt(path, "holds an empty state");
    return bytes.substr(content_offset + 4, size);
}

}  // namespace

FxHeader read_fx_header(std::string_view bytes, const std::string& path) {
    if (!bytes.starts_with("CcnK")) corrupt(path, "does not begin with CcnK; it is no VST2 preset");
    if (bytes.size() < content_offset)
        corrupt(path, "has " + std::to_string(bytes.size()) +
                          " bytes, less than its header; it was " + "cut short");
    FxHeader header{.kind = kind_of(path, bytes.substr(8, 4)),
                    .format_version = big_endian(bytes, 12),
                    .plugin_id = big_endian(bytes, 16),
                    .plugin_version = big_endian(bytes, 20),
                    .count = big_endian(bytes, 24),
                    .program_name = {}};
    if (header.kind == FxKind::parameters || header.kind == FxKind::state) {
        const auto name = bytes.substr(name_offset, name_size);
        header.program_name = to_utf8(name.substr(0, name.find('\0')));
    }
    return header;
}

Fxp parse_fxp(std::string_view bytes, const std::string& path) {
    Fxp fxp{.header = read_fx_header(bytes, path), .parameters = {}, .state = {}};
    switch (fxp.header.kind) {
        case FxKind::parameters:
            fxp.parameters = read_parameters(path, bytes, fxp.header.count);
            break;
        case FxKind::state:
            fxp.state = read_state(path, bytes);
            break;
        case FxKind::bank_parameters:
        case FxKind::bank_state:
            throw Error(ErrorKind::unsupported, path,
                        "is a bank of programs; save the program that you want as an .fxp");
    }
    return fxp;
}

std::string write_fxp(const Fxp& fxp) {
    const bool state = fxp.header.kind == FxKind::state;
    std::string content;
    if (state) {
        append_big_endian(content, static_cast<std::uint32_t>(fxp.state.size()));
        content += fxp.state;
    }
    for (const float value : fxp.parameters)
        append_big_endian(content, std::bit_cast<std::uint32_t>(value));

    auto name = fxp.header.program_name.substr(0, name_size - 1);
    while (!is_utf8(name)) name.pop_back();  // not in the middle of a character
    name.resize(name_size, '\0');

    std::string bytes = "CcnK";
    append_big_endian(bytes, static_cast<std::uint32_t>(content_offset - 8 + content.size()));
    bytes += state ? "FPCh" : "FxCk";
    for (const auto field : {fxp.header.format_version, fxp.header.plugin_id,
                             fxp.header.plugin_version, fxp.header.count})
        append_big_endian(bytes, field);
    return bytes + name + content;
}

std::string show_plugin_id(std::uint32_t id) {
    std::string text = "'";
    for (int shift = 24; shift >= 0; shift -= 8) {
        const auto byte = static_cast<char>(id >> shift);
        text += byte >= 0x20 && byte < 0x7f ? byte : '?';
    }
    std::array<char, 16> hex{};
    std::snprintf(hex.data(), hex.size(), "' (0x%08x)", id);
    return text + hex.data();
}

}  // namespace patchpipe
