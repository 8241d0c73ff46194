// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "catalog/preset_formats.h"

#include <strings.h>
#include <algorithm>
#include <array>
#include <vector>

#include "base/words.h"
#include "file/absolute.h"
#include "preset/juce_state.h"
#include "preset/truce_state.h"
#include "serum/xferjson.h"

namespace patchpipe {
namespace {

// A bank of VST2 programs; everything else with its magic is one program.
bool is_fxb(std::string_view bytes) {
    const auto kind = bytes.size() < 12 ? std::string_view() : bytes.substr(8, 4);
    return bytes.starts_with("CcnK") && (kind == "FxBk" || kind == "FBCh");
}
bool is_fxp(std::string_view bytes) { return bytes.starts_with("CcnK") && !is_fxb(bytes); }
bool is_vstpreset(std::string_view bytes) { return bytes.starts_with("VST3"); }

// "serum2" is any container of Xfer's, also a plug-in's bare state; serum_content() tells them
// apart.
// A directive, a comment, or a URI.
bool is_turtle(std::string_view bytes) {
    if (bytes.starts_with("\xef\xbb\xbf")) bytes.remove_prefix(3);
    bytes.remove_prefix(std::min(bytes.find_first_not_of(" \t\r\n"), bytes.size()));
    for (const std::string_view word : {"@prefix", "@base", "PREFIX ", "BASE ", "prefix ", "base "})
        if (bytes.starts_with(word)) return true;
    if (bytes.starts_with('#')) return !bytes.starts_with("#!");
    if (!bytes.starts_with('<')) return false;
    const auto end = bytes.find_first_of(":>\"'= ");  // XML has none of the first two so early
    return end != bytes.npos && (bytes[end] == ':' || bytes[end] == '>') && bytes[1] != '?';
}

// A line "VALUE ADDRESS", as Faust's own programs save their controls.
bool is_rc(std::string_view bytes) {
    const auto end = bytes.find_first_not_of("+-.0123456789e");
    return end != bytes.npos && end > 0 && bytes.substr(end).starts_with(" /");
}

// As lib/logic saves the sound of a logic library.
bool is_logic_sound(std::string_view bytes) { return bytes.starts_with("{\"logic\":"); }

// Text of any kind: the name alone tells.
bool is_dsp(std::string_view /*bytes*/) { return false; }

constexpr std::array<PresetFormat, 10> formats{{
    {"fxp", ".fxp", is_fxp, "VST2"},
    {"fxb", ".fxb", is_fxb, ""},
    {"serum2", ".SerumPreset", is_xferjson, "VST3"},
    {"vstpreset", ".vstpreset", is_vstpreset, "VST3"},
    {"lv2", ".ttl", is_turtle, "LV2"},
    {"state", "", is_juce_state, ""},
    {"rc", "", is_rc, ""},
    {"logic", ".logicsound", is_logic_sound, ""},
    {"pluginstate", ".pluginstate", is_truce_state, ""},
    {"dsp", ".dsp", is_dsp, "", true},
}};

bool ends_in(std::string_view name, std::string_view suffix) {
    return name.size() >= suffix.size() && ::strncasecmp(name.data() + name.size() - suffix.size(),
                                                         suffix.data(), suffix.size()) == 0;
}

}  // namespace

std::span<const PresetFormat> preset_formats() { return formats; }

const PresetFormat* format_named(std::string_view name) {
    for (const auto& format : formats)
        if (format.name == name) return &format;
    return nullptr;
}

std::optional<std::string_view> preset_format(std::string_view path) {
    const auto name = file_name(path);
    if (name.starts_with("._")) return {};
    for (const auto& format : formats)
        if (!format.suffix.empty() && ends_in(name, format.suffix)) return format.name;
    return {};
}

std::string_view player_of(std::string_view format) {
    const auto* known = format_named(format);
    return known ? known->player : "";
}

std::string preset_suffix_list() {
    std::vector<std::string_view> suffixes;
    for (const auto& format : formats)
        if (!format.suffix.empty()) suffixes.push_back(format.suffix);
    return joined(suffixes, ", ");
}

}  // namespace patchpipe
