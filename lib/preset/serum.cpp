// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "preset/serum.h"

#include <algorithm>
#include <array>
#include <bit>
#include <span>
#include <vector>

#include "preset/cbor.h"
#include "preset/cbor_json.h"
#include "preset/juce_state.h"
#include "preset/md5.h"
#include "preset/xferjson.h"
#include "record/error.h"
#include "record/json.h"
#include "record/record.h"

namespace patchpipe {
namespace {

using Keys = std::span<const std::string_view>;

constexpr std::array<std::string_view, 14> preset_only_keys = {
    "fileType",           "presetName",
    "presetAuthor",       "presetDescription",
    "arpBankDisplayName", "clipBankDisplayName",
    "ClipPlayer",         "Filter",
    "SerumGUI",           "GranularOsc",
    "MultiSampleOsc",     "Osc",
    "SpectralOsc",        "WTOsc"};

constexpr std::array<std::string_view, 1> macro_keys = {"name"};
constexpr std::array<std::string_view, 1> rack_keys = {"displayName"};
constexpr std::array<std::string_view, 1> quantizer_keys = {"scaleName"};
constexpr std::array<std::string_view, 5> clip_keys = {"displayLength_Beats", "gridWidth_Beats",
                                                       "gridYOffset_Rows", "laneTabs", "name"};

struct Family {
    std::string_view name;
    Keys preset_only_keys;
};

// Modules of the synthesizer by name; a number follows it.
constexpr std::array<Family, 4> families = {{{"Macro", macro_keys},
                                             {"FXRack", rack_keys},
                                             {"MidiClip", clip_keys},
                                             {"PitchQuantizer", quantizer_keys}}};

struct Addition {
    std::string_view key;
    std::string value;  // CBOR
    bool replaces;      // a value that is there; else that one stays
};

// What changes in one map.
struct MapEdit {
    Keys drop = {};
    std::vector<Addition> add = {};

    [[nodiscard]] bool empty() const { return drop.empty() && add.empty(); }
};

bool contains(Keys keys, std::string_view key) {
    return std::find(keys.begin(), keys.end(), key) != keys.end();
}

// "Macro0" is of the family Macro, "MacroBank" and "Macro" are not.
bool is_of_family(std::string_view key, std::string_view family) {
    return key.starts_with(family) && key.size() > family.size() &&
           key.find_first_not_of("0123456789", family.size()) == key.npos;
}

MapEdit module_edit(std::string_view key) {
    MapEdit edit;
    for (const auto& family : families)
        if (is_of_family(key, family.name)) edit.drop = family.preset_only_keys;
    if (is_of_family(key, "Arp")) {
        CborWriter zero;
        zero.head(CborKind::unsigned_integer, 0);
        edit.add.push_back({"activeClip", zero.take(), false});
    }
    return edit;
}

std::string encoded_text(std::string_view text) {
    CborWriter writer;
    writer.text(text);
    return writer.take();
}

// As Serum writes it: a float, and a narrow one where that loses nothing.
std::string encoded_version(double version) {
    CborWriter writer;
    const auto narrow = static_cast<float>(version);
    if (narrow == version)
        writer.bits(CborKind::single, std::bit_cast<std::uint32_t>(narrow));
    else
        writer.real(version);
    return writer.take();
}

std::string encoded_true() {
    CborWriter writer;
    writer.head(CborKind::simple, 21);
    return writer.take();
}

MapEdit processor_edit(const SerumVersions& versions) {
    return {.drop = preset_only_keys,
            .add = {{"component", encoded_text("processor"), true},
                    {"killEnvsGracefullyCompat", encoded_true(), true},
                    {"productVersion", encoded_text(versions.product), true},
                    {"version", encoded_version(versions.format), true}}};
}

constexpr int module_depth = 2;  // of the values in the outermost map

// Copies a preset's CBOR item by item into the processor's shape. What no rule names is copied
// byte for byte, so unknown keys pass and numbers keep their width.
class Converter {
 public:
    Converter(std::string_view cbor, std::string_view name) : in_(cbor, name) {}

    std::string convert(const MapEdit& edit) {
        edit_map(in_.next(), edit, 1);
        in_.check_end();
        return out_.take();
    }

 private:
    struct Key {
        std::string_view name;  // empty if the key is no text; valid until the next item is read
        std::string_view encoded;
    };

    Key read_key(int depth) {
        if (!in_.at_text()) return {"", in_.skip(depth)};
        const auto item = in_.next();
        return {item.content, item.encoded};
    }

    // How many entries there will be is known behind the last one: the head is put before them.
    void edit_map(CborItem map, const MapEdit& edit, int depth) {
        const auto begin = out_.size();
        std::size_t count = 0;
        std::vector<bool> present(edit.add.size());
        while (in_.more(map)) {
            const auto key = read_key(depth + 1);
            if (contains(edit.drop, key.name)) {
                in_.skip(depth + 1);
                continue;
            }
            ++count;
            out_.raw(key.encoded);
            edit_value(key.name, edit, depth + 1, present);
        }
        for (std::size_t i = 0; i < edit.add.size(); ++i) {
            if (present[i]) continue;
            ++count;
            out_.text(edit.add[i].key);
            out_.raw(edit.add[i].value);
        }
        out_.insert_head(begin, CborKind::map, count);
    }

    void edit_value(std::string_view key, const MapEdit& edit, int depth,
                    std::vector<bool>& present) {
        for (std::size_t i = 0; i < edit.add.size(); ++i) {
            if (edit.add[i].key != key) continue;
            present[i] = true;
            if (!edit.add[i].replaces) continue;
            out_.raw(edit.add[i].value);
            in_.skip(depth);
            return;
        }
        copy_value(key, depth, depth == module_depth ? module_edit(key) : MapEdit{});
    }

    void copy_value(std::string_view key, int depth, const MapEdit& edit = {}) {
        in_.check_depth(depth);
        const bool may_be_default = key == "plainParams";
        auto item = in_.next();
        const bool is_map = item.kind == CborKind::map;
        if (is_map && !edit.empty()) return edit_map(item, edit, depth);
        if (may_be_default && item.kind == CborKind::text && item.content == "default")
            return out_.head(CborKind::map, 0);
        out_.raw(item.encoded);
        if (item.kind == CborKind::tag) return copy_value("", depth + 1);
        if (!is_map && item.kind != CborKind::array) return;
        const bool has_break = item.indefinite;
        while (in_.more(item)) is_map ? copy_entry(depth + 1) : copy_value("", depth + 1);
        if (has_break) out_.raw("\xff");
    }

    void copy_entry(int depth) {
        const auto key = read_key(depth);
        out_.raw(key.encoded);
        copy_value(key.name, depth);
    }

    CborReader in_;
    CborWriter out_;
};

std::string component_metadata(std::string_view payload, const SerumVersions& versions) {
    return "{\"component\":\"processor\",\"hash\":" + json_text(md5_hex(payload)) +
           ",\"product\":\"Serum2\",\"productVersion\":" + json_text(versions.product) +
           ",\"url\":\"https://xferrecords.com/\",\"vendor\":\"Xfer Records\",\"version\":" +
           json_real(versions.format) + "}";
}

}  // namespace

std::optional<std::string> serum_metadata_text(std::string_view metadata, std::string_view key) {
    try {
        return Record(std::string(metadata)).text(key);
    } catch (const Error&) {
        return {};
    }
}

std::vector<std::string> serum_metadata_texts(std::string_view metadata, std::string_view key) {
    try {
        const Record record{std::string(metadata)};
        const auto array = record.raw(key);
        return array ? json_texts(*array) : std::vector<std::string>();
    } catch (const Error&) {
        return {};
    }
}

SerumContent serum_content(std::string_view metadata, std::string_view name) {
    const auto file_type = serum_metadata_text(metadata, "fileType");
    if (file_type == "SerumPreset") return SerumContent::preset;
    if (file_type)
        throw Error(ErrorKind::unsupported, name,
                    "is a file of the type " + json_text(*file_type) +
                        ", and no preset; give a .SerumPreset");
    if (serum_metadata_text(metadata, "component")) return SerumContent::state;
    throw Error(ErrorKind::corrupt, name,
                "its metadata names neither a fileType nor a component; it is no Serum preset");
}

std::string serum_processor_cbor(std::string_view cbor, std::string_view name,
                                 const SerumVersions& versions) {
    if (CborReader(cbor, name).next().kind != CborKind::map)
        throw Error(ErrorKind::corrupt, name, "its CBOR is no map; it is no Serum preset");
    return Converter(cbor, name).convert(processor_edit(versions));
}

std::string build_serum_component(std::string_view processor_cbor, const SerumVersions& versions) {
    const auto payload = compress_cbor(processor_cbor);
    const auto metadata = component_metadata(payload, versions);
    return build_xferjson({.metadata = metadata,
                           .cbor_size = static_cast<std::uint32_t>(processor_cbor.size()),
                           .payload = payload});
}

std::string serum_preset_cbor(std::string_view bytes, std::string_view name) {
    if (is_juce_state(bytes))
        throw Error(ErrorKind::unsupported, name,
                    "is a state from a JUCE host already, and no preset; give the .SerumPreset");
    const auto container = parse_xferjson(bytes, name);
    if (serum_content(container.metadata, name) == SerumContent::state)
        throw Error(ErrorKind::unsupported, name,
                    "is a state of Serum 2 already, and no preset; give the .SerumPreset");
    return decompress_cbor(container, name);
}

std::string serum_preset_to_component(std::string_view bytes, std::string_view name,
                                      const SerumVersions& versions) {
    return build_serum_component(
        serum_processor_cbor(serum_preset_cbor(bytes, name), name, versions), versions);
}

}  // namespace patchpipe
