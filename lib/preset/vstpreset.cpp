// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "preset/vstpreset.h"

#include <algorithm>
#include <cctype>
#include <cstdint>

#include "base/byte_order.h"
#include "base/error.h"
#include "base/words.h"

namespace patchpipe {
namespace {

constexpr std::string_view vst3_magic = "VST3";
constexpr std::size_t class_id_at = 8, class_id_size = 32, list_offset_at = 40;
constexpr std::size_t header_size = 48, list_head_size = 8, entry_size = 20;
// Real files have five chunks at most. The limit keeps a made-up file with a million of them cheap.
constexpr std::uint32_t most_chunks = 128;

void check_header(std::string_view bytes, std::string_view name) {
    if (!vst3_magic.starts_with(bytes.substr(0, vst3_magic.size())))
        refuse_corrupt(name, "does not begin with VST3; it is not a .vstpreset");
    if (bytes.size() < header_size)
        refuse_corrupt(name, "ends within its header, after " + std::to_string(bytes.size()) +
                                 " of " + std::to_string(header_size) + " bytes; it is cut short");
    const auto version = read_little_endian<std::uint32_t>(bytes.substr(vst3_magic.size()));
    if (version != 1)
        throw Error(
            ErrorKind::unsupported, name,
            "is a .vstpreset of version " + std::to_string(version) + "; only version 1 is known");
}

std::string parse_class_id(std::string_view bytes, std::string_view name) {
    const auto id = bytes.substr(class_id_at, class_id_size);
    if (!std::all_of(id.begin(), id.end(), [](unsigned char c) { return std::isxdigit(c); }))
        refuse_corrupt(name, "its class id is not 32 hexadecimal digits; the file is damaged");
    return std::string(id);
}

// The entries of the chunk list, entry_size bytes each.
std::string_view parse_list(std::string_view bytes, std::string_view name) {
    const auto at = read_little_endian<std::uint64_t>(bytes.substr(list_offset_at));
    if (at > bytes.size() || bytes.size() - at < list_head_size)
        refuse_corrupt(name, "its chunk list lies beyond its end; it is cut short");
    const auto list = bytes.substr(at);
    if (!list.starts_with("List"))
        refuse_corrupt(name, "has no 'List' where its chunk list should be, at byte " +
                                 std::to_string(at) + "; it is damaged");
    const auto count = read_little_endian<std::uint32_t>(list.substr(4));
    const auto held = (list.size() - list_head_size) / entry_size;
    if (count > most_chunks || count > held)
        refuse_corrupt(name, "declares " + std::to_string(count) + " chunks and lists " +
                                 std::to_string(std::min<std::size_t>(held, most_chunks)) +
                                 "; it is cut short or damaged");
    return list.substr(list_head_size, count * entry_size);
}

std::string_view parse_chunk(std::string_view bytes, std::string_view entry,
                             std::string_view name) {
    const auto offset = read_little_endian<std::uint64_t>(entry.substr(4));
    const auto size = read_little_endian<std::uint64_t>(entry.substr(12));
    if (offset > bytes.size() || size > bytes.size() - offset)
        refuse_corrupt(name, "its chunk '" + printable(entry.substr(0, 4)) +
                                 "' reaches beyond its end; it is cut short");
    return bytes.substr(offset, size);
}

std::string upper(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    return out;
}

// Reverses the bytes of the first group of four and of the next two groups of two.
std::string com_order(const std::string& id) {
    std::string turned;
    for (const std::size_t byte : {3, 2, 1, 0, 5, 4, 7, 6}) turned += id.substr(byte * 2, 2);
    return turned + id.substr(16);
}

void append_entry(std::string& list, std::string_view id, std::size_t offset, std::size_t size) {
    list += id;
    append_little_endian<std::uint64_t>(list, offset);
    append_little_endian<std::uint64_t>(list, size);
}

}  // namespace

VstPreset parse_vstpreset(std::string_view bytes, std::string_view name) {
    check_header(bytes, name);
    VstPreset preset;
    preset.class_id = parse_class_id(bytes, name);
    bool has_component = false;
    auto list = parse_list(bytes, name);
    for (; !list.empty(); list.remove_prefix(entry_size)) {
        const auto id = list.substr(0, 4);
        const auto chunk = parse_chunk(bytes, list, name);
        if (id == "Comp") {
            preset.component = chunk;
            has_component = true;
        } else if (id == "Cont") {
            preset.controller = chunk;
        } else if (id == "Info") {
            preset.info = chunk;
        } else {
            preset.others.emplace_back(id);
        }
    }
    if (!has_component) refuse_corrupt(name, "holds no component state (no chunk 'Comp')");
    return preset;
}

std::string build_vstpreset(const VstPreset& preset) {
    std::string chunks, list;
    std::uint32_t count = 0;
    const auto add = [&](std::string_view id, const std::optional<std::string_view>& chunk) {
        if (!chunk) return;
        append_entry(list, id, header_size + chunks.size(), chunk->size());
        chunks += *chunk;
        ++count;
    };
    add("Comp", preset.component);
    add("Cont", preset.controller);
    add("Info", preset.info);
    std::string bytes{vst3_magic};
    append_little_endian<std::uint32_t>(bytes, 1);
    bytes += preset.class_id;
    append_little_endian<std::uint64_t>(bytes, header_size + chunks.size());
    bytes.append(chunks).append("List");
    append_little_endian(bytes, count);
    return bytes + list;
}

bool same_class_id(std::string_view one, std::string_view other) {
    const auto a = upper(one), b = upper(other);
    return a == b || (a.size() == class_id_size && com_order(a) == b);
}

}  // namespace patchpipe
