// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "preset/vstpreset.h"

#include <algorithm>
#include <cctype>
#include <cstdint>

#include "record/error.h"

namespace patchpipe {
namespace {

constexpr std::size_t version_offset = 4, class_id_offset = 8, class_id_size = 32;
constexpr std::size_t list_offset_offset = 40, header_size = 48, entry_size = 20;
// Real files have five chunks at most; a list of a million is no preset.
constexpr std::uint64_t most_chunks = 128;

[[noreturn]] void corrupt(const std::string& path, const std::string& why) {
    throw Error(ErrorKind::corrupt, path, why);
}

// The caller has checked that size bytes are there.
std::uint64_t little_endian(std::string_view bytes, std::size_t at, int size) {
    std::uint64_t value = 0;
    for (int i = size - 1; i >= 0; --i)
        value = value << 8 | static_cast<unsigned char>(bytes[at + static_cast<std::size_t>(i)]);
    return value;
}

void append_little_endian(std::string& bytes, std::uint64_t value, int size) {
    for (int i = 0; i < size; ++i) bytes += static_cast<char>(value >> (8 * i));
}

// Where the chunk list's entries begin.
std::size_t find_entries(const std::string& path, std::string_view bytes, std::uint64_t& count) {
    const auto list = little_endian(bytes, list_offset_offset, 8);
    if (list > bytes.size() || bytes.size() - list < 8)
        corrupt(path, "has its chunk list beyond its end; it was cut short");
    const auto at = static_cast<std::size_t>(list);
    if (bytes.substr(at, 4) != "List")
        corrupt(path, "has no 'List' where its chunk list should be");
    count = little_endian(bytes, at + 4, 4);
    if (count > most_chunks || count * entry_size > bytes.size() - at - 8)
        corrupt(path, "promises " + std::to_string(count) + " chunks, more than it can hold");
    return at + 8;
}

std::string_view chunk(const std::string& path, std::string_view bytes, std::size_t entry) {
    const auto offset = little_endian(bytes, entry + 4, 8);
    const auto size = little_endian(bytes, entry + 12, 8);
    if (offset > bytes.size() || size > bytes.size() - offset)
        corrupt(path, "has a chunk that reaches beyond its end; it was cut short");
    return bytes.substr(static_cast<std::size_t>(offset), static_cast<std::size_t>(size));
}

std::string upper(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    return out;
}

// The first group of four bytes and the next two of two are turned round.
std::string com_order(const std::string& id) {
    std::string turned;
    for (const int byte : {3, 2, 1, 0, 5, 4, 7, 6})
        turned += id.substr(static_cast<std::size_t>(byte) * 2, 2);
    return turned + id.substr(16);
}

}  // namespace

VstPreset parse_vstpreset(std::string_view bytes, const std::string& path) {
    if (!bytes.starts_with("VST3")) corrupt(path, "does not begin with VST3; it is no .vstpreset");
    if (bytes.size() < header_size) corrupt(path, "ends within its header; it was cut short");
    if (const auto version = little_endian(bytes, version_offset, 4); version != 1)
        throw Error(
            ErrorKind::unsupported, path,
            "is a .vstpreset of version " + std::to_string(version) + "; only version 1 is known");
    VstPreset preset;
    preset.class_id = bytes.substr(class_id_offset, class_id_size);
    if (!std::all_of(preset.class_id.begin(), preset.class_id.end(),
                     [](unsigned char c) { return std::isxdigit(c); }))
        corrupt(path, "has a class id that is not 32 hexadecimal digits");
    std::uint64_t count = 0;
    auto entry = find_entries(path, bytes, count);
    for (; count > 0; --count, entry += entry_size) {
        const auto id = bytes.substr(entry, 4);
        const auto content = chunk(path, bytes, entry);
        if (id == "Comp") preset.component = content;
        if (id == "Cont") preset.controller = content;
        if (id == "Info") preset.info = content;
    }
    return preset;
}

std::string write_vstpreset(const VstPreset& preset) {
    std::string bytes = "VST3";
    append_little_endian(bytes, 1, 4);
    bytes += preset.class_id;
    append_little_endian(bytes, header_size + preset.component.size() + preset.controller.size(),
                         8);
    bytes += preset.component;
    bytes += preset.controller;
    bytes += "List";
    append_little_endian(bytes, preset.controller.empty() ? 1 : 2, 4);
    bytes += "Comp";
    append_little_endian(bytes, header_size, 8);
    append_little_endian(bytes, preset.component.size(), 8);
    if (preset.controller.empty()) return bytes;
    bytes += "Cont";
    append_little_endian(bytes, header_size + preset.component.size(), 8);
    append_little_endian(bytes, preset.controller.size(), 8);
    return bytes;
}

bool same_class_id(std::string_view one, std::string_view other) {
    const auto a = upper(one), b = upper(other);
    return a == b || (a.size() == class_id_size && com_order(a) == b);
}

}  // namespace patchpipe
