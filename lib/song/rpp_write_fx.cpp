// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The part of RppWriter for effects.

#include <algorithm>

#include "base/base64.h"
#include "base/error.h"
#include "base/hex.h"
#include "base/json.h"
#include "base/number.h"
#include "file/absolute.h"
#include "file/read_file.h"
#include "preset/vstpreset.h"
#include "song/rpp_lv2.h"
#include "song/rpp_plugin.h"
#include "song/rpp_writer.h"

namespace patchpipe {
namespace {

constexpr std::size_t largest_state = std::size_t{256} << 20;

std::vector<std::uint64_t> pins(const Record& reaper, std::string_view key) {
    if (!reaper.raw(key)) return {1, 2};
    std::vector<std::uint64_t> masks;
    for (const auto& mask : json_elements(*reaper.raw(key)).value_or(std::vector<std::string>{}))
        masks.push_back(parse_whole<std::uint64_t>(mask).value_or(0));
    return masks;
}

// The name of the file without folders and suffix: what REAPER shows of an unknown plug-in.
std::string stem(const std::string& path) {
    const std::string name(file_name(path));
    return name.substr(0, name.rfind('.'));
}

std::string shown_name(const Record& fx, std::string_view prefix) {
    if (auto name = fx.text("name"); name && !name->empty()) return *name;
    const auto path = fx.text("plugin_path").value_or("");
    return std::string(prefix) + (fx.flag("instrument").value_or(false) ? "i: " : ": ") +
           stem(path);
}

// A VST2's id behind its number: "VST", its four letters, and the letters and digits of its name in
// lower case, without its maker; cut or filled to 16 bytes.
std::string vst2_digits(std::uint32_t id, const std::string& name) {
    std::string bytes = "VST";
    for (const int shift : {24, 16, 8, 0}) bytes += static_cast<char>(id >> shift);
    const auto colon = name.find(": ");
    auto plain = name.substr(colon == name.npos ? 0 : colon + 2);
    plain = plain.substr(0, plain.rfind(" ("));
    for (const char c : plain)
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
            bytes += c;
        else if (c >= 'A' && c <= 'Z')
            bytes += static_cast<char>(c + 32);
    bytes.resize(16, '\0');
    auto digits = to_hex(bytes);
    std::transform(digits.begin(), digits.end(), digits.begin(),
                   [](char c) { return c >= 'a' ? static_cast<char>(c - 32) : c; });
    return digits;
}

std::uint32_t four_letters(std::string_view text) {
    std::uint32_t number = 0;
    for (const char c : text) number = number << 8 | static_cast<unsigned char>(c);
    return number;
}

std::uint32_t vst2_number(const Record& fx) {
    const auto id = fx.text("plugin_id").value_or("");
    if (id.starts_with("0x"))
        return parse_whole<std::uint32_t>(std::string_view(id).substr(2), 16).value_or(0);
    return id.size() == 4 ? four_letters(id) : 0;
}

// By which REAPER finds it; a .vstpreset knows it too.
std::string vst3_class(const Record& fx, const std::optional<std::string>& state) {
    auto id = fx.text("plugin_id").value_or("");
    if (!id.empty() || !state || !state->starts_with("VST3")) return id;
    return parse_vstpreset(*state, fx.text("fx").value_or("fx")).class_id;
}

std::string custom_name(const Record& fx) {
    return rpp_quoted(fx.text("custom_name").value_or(""));
}

std::string id_or_path(const Record& fx) {
    return fx.text("plugin_id").value_or(fx.text("plugin_path").value_or(""));
}

}  // namespace

std::optional<std::string> fx_state(const Record& fx) {
    if (const auto state = fx.text("state")) {
        if (fx.raw("state_path"))
            throw Error(ErrorKind::bad_record, "state",
                        "and state_path are both there; remove one");
        if (auto bytes = from_base64(*state)) return bytes;
        throw Error(ErrorKind::bad_record, "state",
                    "is not base64; correct it, or name a file in state_path");
    }
    for (const auto* const key : {"state_path", "preset_path"})
        if (const auto path = fx.path(key); path && !path->empty())
            return read_file(*path, largest_state);
    return {};
}

VstChunk fx_chunk(const Record& fx, const std::string& state, bool vst3) {
    const auto text = fx.raw("reaper");
    const Record reaper(text && text->starts_with('{') ? *text : "{}");
    VstChunk chunk;
    chunk.vst3 = vst3;
    chunk.id = parse_reaper_vst_id(fx.text("reaper_id").value_or("")).number;
    set_contained_state(chunk, state, fx.text("fx").value_or("fx"));
    if (vst3) chunk.parameters = reaper.flag("parameters").value_or(false);
    chunk.inputs = pins(reaper, "inputs");
    chunk.outputs = pins(reaper, "outputs");
    chunk.version =
        static_cast<std::uint32_t>(reaper.integer("version").value_or(chunk.parameters ? 0 : 1));
    chunk.flags = static_cast<std::uint32_t>(reaper.integer("flags").value_or(0x100000));
    const auto program = fx.text("program").value_or("");
    const auto trailer = from_hex(reaper.text("trailer").value_or(""));
    if (trailer && !trailer->empty()) chunk.trailer = *trailer;
    if (chunk.program() != program || chunk.trailer.empty())
        chunk.trailer = program + std::string("\0\0\x10\0\0\0", 6);
    return chunk;
}

std::string plugin_kind_of(const Record& fx) {
    if (auto kind = fx.text("plugin_kind"); kind && !kind->empty()) return *kind;
    const auto path = fx.text("plugin_path").value_or("");
    for (const auto& [suffix, kind] : {std::pair{".vst3", "vst3"},
                                       {".so", "vst2"},
                                       {".dll", "vst2"},
                                       {".vst", "vst2"},
                                       {".clap", "clap"}})
        if (path.ends_with(suffix)) return kind;
    if (path.find("://") != path.npos || path.starts_with("urn:")) return "lv2";
    if (path.ends_with(".dsp"))
        throw Error(ErrorKind::unsupported, path,
                    "is a Faust program, which REAPER does not load; name patchpipe-shell, which "
                    "carries it, in its place, or leave the effect out");
    throw Error(ErrorKind::bad_record, path.empty() ? fx.text("fx").value_or("fx") : path,
                "does not tell the kind of the plug-in; give the effect a plugin_kind");
}

std::string js_sliders(const Record& fx) {
    std::string text;
    for (const auto& value :
         json_elements(fx.raw("parameters").value_or("[]")).value_or(std::vector<std::string>{})) {
        if (!text.empty()) text += ' ';
        if (value == "null")
            text += '-';
        else if (value.starts_with('"'))
            text += rpp_quoted(json_texts("[" + value + "]").at(0));
        else
            text += rpp_decimal(parse_number(value).value_or(0));
    }
    return text;
}

void RppWriter::write_fx(const std::string& id, std::size_t level) {
    const auto& fx = *song_.find(id);
    line(level, rpp_line_with("BYPASS 0 0 0", fx_rules, fx));
    write_plugin(fx, id, level);
    const auto& lines = song_.raws(id);
    for (const auto usual : usual_lines(fx_rules)) {
        if (usual.starts_with("BYPASS")) continue;
        if (usual.starts_with("FXID") && lines.empty()) line(level, "FLOATPOS 0 0 0 0");
        auto text = rpp_line_with(usual, fx_rules, fx);
        if (usual.starts_with("FXID") && text == usual) text = "FXID " + guid(id, "FXID");
        if (text != usual) line(level, text);
    }
    raws(id, level);
    for (const auto& envelope : song_.envelopes(id)) write_envelope(envelope, level);
    if (lines.empty()) line(level, "WAK 0 0");
}

void RppWriter::write_plugin(const Record& fx, const std::string& id, std::size_t level) {
    const auto kind = plugin_kind_of(fx);
    if (kind == "vst2" || kind == "vst3") return write_vst(fx, id, kind, level);
    if (kind == "container") return write_container(fx, id, level);
    if (kind == "js") return write_js(fx, id, level);
    if (kind == "clap") return write_clap(fx, id, level);
    if (kind == "lv2") return write_lv2(fx, id, level);
    if (kind == "au") return write_au(fx, id, level);
    auto tag = kind;
    std::transform(tag.begin(), tag.end(), tag.begin(),
                   [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
    line(level, "<" + tag + " " + rpp_quoted(fx.text("name").value_or("")) + " " +
                    rpp_quoted(fx.text("plugin_id").value_or("")) + " " + custom_name(fx));
    raws(id + ".state", level + 1);
    line(level, ">");
}

void RppWriter::write_container(const Record& fx, const std::string& id, std::size_t level) {
    line(level, "<CONTAINER Container " + rpp_quoted(fx.text("name").value_or("")) + " \"\"");
    raws(id + ".chain", level + 1);
    for (const auto& inner : song_.effects(id)) write_fx(inner, level + 1);
    line(level, ">");
}

void RppWriter::write_js(const Record& fx, const std::string& id, std::size_t level) {
    const auto script = fx.text("name").value_or(fx.text("plugin_path").value_or(""));
    line(level, "<JS " + rpp_quoted(script) + " " + custom_name(fx));
    if (const auto sliders = js_sliders(fx); !sliders.empty()) line(level + 1, sliders);
    raws(id + ".state", level + 1);
    line(level, ">");
}

void RppWriter::write_clap(const Record& fx, const std::string& id, std::size_t level) {
    line(level, "<CLAP " + rpp_quoted(shown_name(fx, "CLAP")) + " " + rpp_quoted(id_or_path(fx)) +
                    " " + custom_name(fx));
    raws(id + ".state", level + 1);
    if (const auto state = fx_state(fx)) {
        line(level + 1, "<STATE");
        write_base64(*state, level + 2);
        line(level + 1, ">");
    }
    line(level, ">");
}

// REAPER writes the values of ports before the block with the plug-in's own state.
void RppWriter::write_lv2(const Record& fx, const std::string& id, std::size_t level) {
    line(level, "<LV2 " + rpp_quoted(shown_name(fx, "LV2")) + " " + rpp_quoted(id_or_path(fx)) +
                    " " + custom_name(fx));
    const std::span<const std::string> lines = song_.raws(id + ".state");
    const auto block = static_cast<std::size_t>(
        std::find_if(lines.begin(), lines.end(),
                     [](const auto& text) { return rpp_kind(text) == RppKind::open; }) -
        lines.begin());
    put_raws(lines.first(block), level + 1);
    if (const auto ports = port_values_line(port_values_in(fx)); !ports.empty())
        line(level + 1, ports);
    put_raws(lines.subspan(block), level + 1);
    line(level, ">");
}

void RppWriter::write_au(const Record& fx, const std::string& id, std::size_t level) {
    auto text = "<AU " + rpp_quoted(fx.text("name").value_or("")) + " " +
                rpp_quoted(fx.text("reaper_id").value_or("")) + " " + custom_name(fx);
    const auto codes = fx.text("plugin_id").value_or("");
    for (std::size_t i = 0; i + 4 <= codes.size(); i += 5)
        text += " " + std::to_string(four_letters(std::string_view(codes).substr(i, 4)));
    line(level, text);
    raws(id + ".state", level + 1);
    line(level, ">");
}

void RppWriter::write_vst(const Record& fx, const std::string& id, std::string_view kind,
                          std::size_t level) {
    const bool vst3 = kind == "vst3";
    const auto name = shown_name(fx, vst3 ? "VST3" : "VST");
    const auto state = fx_state(fx);
    const auto chunk = state ? std::optional(fx_chunk(fx, *state, vst3)) : std::nullopt;
    auto reaper_id = fx.text("reaper_id").value_or("");
    if (reaper_id.empty() && vst3) reaper_id = "0{" + vst3_class(fx, state) + "}";
    if (reaper_id.empty()) {
        const auto number = vst2_number(fx) != 0 || !chunk ? vst2_number(fx) : chunk->id;
        reaper_id =
            std::to_string(number) + (number == 0 ? "" : "<" + vst2_digits(number, name) + ">");
    }
    const std::string file(file_name(fx.text("plugin_path").value_or("")));
    line(level, "<VST " + rpp_quoted(name) + " " + rpp_quoted(file) + " 0 " +
                    rpp_quoted(fx.text("custom_name").value_or("")) + " " + rpp_quoted(reaper_id) +
                    " \"\"");
    if (chunk) write_state(*chunk, level + 1);
    raws(id + ".state", level + 1);
    line(level, ">");
}

void RppWriter::write_state(const VstChunk& chunk, std::size_t level) {
    const auto parts = build_vst_chunk(chunk);
    for (const auto& part : {parts.head, parts.body, parts.trailer}) write_base64(part, level);
}

void RppWriter::write_base64(std::string_view bytes, std::size_t level) {
    for (std::size_t i = 0; i < bytes.size(); i += 96) line(level, to_base64(bytes.substr(i, 96)));
}

}  // namespace patchpipe
