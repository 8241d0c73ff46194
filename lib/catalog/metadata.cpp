// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "catalog/metadata.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <unordered_set>
#include <utility>

#include "base/error.h"
#include "base/hex.h"
#include "base/utf8.h"
#include "base/words.h"
#include "catalog/detect.h"
#include "catalog/xml_attributes.h"
#include "file/read_file.h"
#include "preset/fxb.h"
#include "preset/truce_state.h"
#include "preset/vstpreset.h"
#include "record/record.h"
#include "serum/serum.h"
#include "serum/xferjson.h"

namespace patchpipe {
namespace {

constexpr std::size_t largest_vstpreset = std::size_t{512} << 20;
constexpr std::size_t largest_bank = std::size_t{1} << 30;
constexpr std::size_t largest_state = std::size_t{64} << 20;
constexpr std::size_t largest_info = std::size_t{1} << 20;
// Enough for an fxp's header, and for Serum's metadata at its usual size.
constexpr std::size_t usual_head = 4096;

// Steinberg's names for the attributes that describe a preset, those of MediaBay included.
constexpr std::array<std::string_view, 6> tag_attributes = {
    "MusicalCategory", "MusicalInstrument", "MusicalStyle",
    "MusicalSubStyle", "MusicalCharacter",  "MusicalProperties"};

std::optional<std::string> unless_empty(std::optional<std::string> text) {
    if (text && text->empty()) return {};
    return text;
}

// The tags in their order, each once, without the empty ones.
std::vector<std::string> distinct(std::vector<std::string> tags) {
    std::unordered_set<std::string> seen{""};
    std::erase_if(tags, [&](const std::string& tag) { return !seen.insert(tag).second; });
    return tags;
}

void append_parts(std::vector<std::string>& tags, std::string_view text) {
    for (std::size_t begin = 0; begin <= text.size();) {
        const auto end = std::min(text.find('|', begin), text.size());
        tags.emplace_back(text.substr(begin, end - begin));
        begin = end + 1;
    }
}

PresetMetadata parse_fx(std::string_view head, const std::string& path) {
    const auto header = parse_fx_header(head, path);
    PresetMetadata metadata;
    metadata.name = unless_empty(header.program_name);
    metadata.plugin_id = plugin_id_text(header.plugin_id);
    return metadata;
}

PresetMetadata read_vstpreset(const std::string& path) {
    const auto bytes = read_file(path, largest_vstpreset);
    const auto preset = parse_vstpreset(bytes, path);
    auto metadata = parse_vstpreset_info(preset.info.value_or(""));
    metadata.plugin_id = preset.class_id;
    for (auto& digit : *metadata.plugin_id)
        digit = static_cast<char>(std::toupper(static_cast<unsigned char>(digit)));
    return metadata;
}

PresetMetadata read_pluginstate(const std::string& path) {
    const auto bytes = read_file(path, largest_state);
    const auto state = parse_truce_state(bytes, path);
    PresetMetadata metadata;
    constexpr int digits = 16;
    metadata.plugin_id = "fnv1a64:" + to_hex(state.plugin_hash, digits);
    for (const auto& [id, value] : state.parameters) metadata.values.emplace_back(id, value);
    return metadata;
}

PresetMetadata read_logic_sound(const std::string& path) try {
    auto line = read_file(path, largest_state);
    while (line.ends_with('\n')) line.pop_back();
    PresetMetadata metadata;
    metadata.plugin_id = Record(line).text("logic");
    return metadata;
} catch (const Error& error) {
    if (error.kind() != ErrorKind::bad_record) throw;
    refuse_corrupt(path, std::string("is not the saved sound of a logic library: ") + error.what());
}

// XML has no way to write most control characters; a preset's name does without them.
std::string xml_text(std::string_view text) {
    std::string escaped;
    for (const char c : text) {
        if (c == '&')
            escaped += "&amp;";
        else if (c == '<')
            escaped += "&lt;";
        else if (c == '"')
            escaped += "&quot;";
        else if (c == '\t' || c == '\n' || c == '\r')
            escaped += "&#" + std::to_string(int{c}) + ";";
        else if (static_cast<unsigned char>(c) >= ' ')
            escaped += c;
    }
    return escaped;
}

void append_attribute(std::string& xml, std::string_view id,
                      const std::optional<std::string>& text) {
    if (!text || text->empty()) return;
    xml += "\t<Attribute id=\"" + std::string(id) + "\" value=\"" + xml_text(*text) +
           "\" type=\"string\"/>\r\n";
}

}  // namespace

PresetMetadata parse_serum_preset_metadata(std::string_view head, const std::string& path) {
    const auto json = parse_xferjson_metadata(head, path);
    check_is_serum_preset(json, path);
    PresetMetadata metadata;
    metadata.name = unless_empty(serum_metadata_text(json, "presetName"));
    metadata.author = unless_empty(serum_metadata_text(json, "presetAuthor"));
    metadata.tags = distinct(serum_metadata_texts(json, "tags"));
    return metadata;
}

std::string build_vstpreset_info(const PresetMetadata& metadata) {
    std::string xml = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\r\n<MetaInfo>\r\n";
    append_attribute(xml, "MediaType", "VstPreset");
    append_attribute(xml, "Name", metadata.name);
    append_attribute(xml, "MediaAuthor", metadata.author);
    append_attribute(xml, "MusicalProperties", joined(metadata.tags, "|"));
    return xml + "</MetaInfo>\r\n";
}

PresetMetadata read_metadata(const std::string& path) {
    const auto head = read_file_head(path, usual_head, xferjson_head_size);
    const auto format = detect_preset_format(head);
    PresetMetadata metadata;
    if (format == "fxp" || format == "fxb")
        metadata = parse_fx(head, path);
    else if (format == "vstpreset")
        metadata = read_vstpreset(path);
    else if (format == "serum2")
        metadata = parse_serum_preset_metadata(head, path);
    else if (format == "logic")
        metadata = read_logic_sound(path);
    else if (format == "pluginstate")
        metadata = read_pluginstate(path);
    else
        throw Error(ErrorKind::unsupported, path, "is not a preset of a known format");
    metadata.format = format;
    return metadata;
}

namespace {

// Of a bank with the state of the whole plug-in, as its writer understood it.
std::size_t bank_size(const FxHeader& header, const std::string& path) {
    constexpr std::uint32_t most_programs = 65536;
    if (header.count <= most_programs) return header.count;
    refuse_corrupt(path, "declares " + std::to_string(header.count) +
                             " programs, more than any plug-in has; it is damaged");
}

}  // namespace

std::vector<ListedProgram> read_bank_programs(const std::string& path) {
    const auto head = read_file_head(path, usual_head);
    const auto format = detect_preset_format(head);
    if (format != "fxb")
        throw Error(ErrorKind::unsupported, path, "is not a bank of VST2 programs");
    const auto bank = parse_fx_header(head, path);
    const auto id = plugin_id_text(bank.plugin_id);
    if (bank.kind == FxKind::bank_state)
        return std::vector<ListedProgram>(bank_size(bank, path), {"", id});
    const auto bytes = read_file(path, largest_bank);
    std::vector<ListedProgram> programs;
    for (const auto program : parse_fxb(bytes, path).programs) {
        const auto header = parse_fx_header(program, path);
        programs.push_back({header.program_name, plugin_id_text(header.plugin_id)});
    }
    return programs;
}

PresetMetadata parse_vstpreset_info(std::string_view xml) {
    PresetMetadata metadata;
    if (xml.size() > largest_info || !is_utf8(xml)) return metadata;
    for (const auto& attributes : xml_elements(xml, "Attribute")) {
        const auto id = attributes.find("id"), value = attributes.find("value");
        if (id == attributes.end() || value == attributes.end()) continue;
        const auto& text = value->second;
        if (id->second == "Name") metadata.name = unless_empty(text);
        if (id->second == "MediaAuthor") metadata.author = unless_empty(text);
        if (std::find(tag_attributes.begin(), tag_attributes.end(), id->second) !=
            tag_attributes.end())
            append_parts(metadata.tags, text);
    }
    metadata.tags = distinct(std::move(metadata.tags));
    return metadata;
}

}  // namespace patchpipe
