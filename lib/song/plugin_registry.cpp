// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "song/plugin_registry.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include "base/base64.h"
#include "base/closest.h"
#include "base/error.h"
#include "base/hex.h"
#include "base/json.h"
#include "file/absolute.h"
#include "file/installed.h"
#include "file/read_file.h"
#include "song/rpp_plugin.h"
#include "song/rpp_writer.h"
#include "song/song_model.h"
#include "song/vst_chunk.h"

namespace patchpipe {
namespace {

constexpr std::size_t largest_registry = std::size_t{1} << 30;

// A state, in one of several forms, and what goes with it.
constexpr std::array<std::string_view, 4> states = {"state", "state_path", "preset_path", "chunk"};
constexpr std::array<std::string_view, 4> state_fields = {"state_format", "program", "reaper",
                                                          "preset_name"};

template <typename List>
bool has(const List& list, std::string_view key) {
    return std::find(list.begin(), list.end(), key) != list.end();
}

bool has_any_state(const Record& record) {
    return std::any_of(states.begin(), states.end(),
                       [&](std::string_view key) { return record.raw(key).has_value(); });
}

template <typename Map, typename Key, typename Value>
void put_once(Map& map, const Key& key, const Value& value, std::string_view name) {
    if (const auto [there, is_new] = map.try_emplace(key, value); !is_new)
        throw Error(ErrorKind::bad_record, name,
                    "is there twice in this file; remove one of the records");
}

// The id in a REAPER file, with the brackets of the kind: a VST3 in < > would not be loaded.
std::string bracketed_id(std::string_view text, bool vst3) {
    auto id = parse_reaper_vst_id(text);
    if (id.digits.empty()) return std::string(text);
    // A VST2's own id is in its digits, behind "VST".
    if (const auto bytes = from_hex(id.digits);
        !vst3 && id.number == 0 && bytes && bytes->size() == 16 && bytes->starts_with("VST"))
        for (std::size_t i = 3; i < 7; ++i)
            id.number = id.number << 8 | static_cast<unsigned char>((*bytes)[i]);
    return std::to_string(id.number) + (vst3 ? "{" : "<") + id.digits + (vst3 ? "}" : ">");
}

// The lines of a plug-in's block in a REAPER file become a state as song-read makes it.
void decode_chunk(Record& fx) {
    const auto lines = fx.raw("chunk");
    if (!lines) return;
    const auto kind = plugin_kind_of(fx);
    const auto refuse = [&] {
        throw Error(ErrorKind::bad_record, "chunk",
                    "is not a list of the lines that REAPER writes for a " + kind +
                        "; copy all of them, each as a text");
    };
    std::string bytes;
    for (const auto& line : json_texts(*lines)) {
        const auto part = from_base64(line);
        if (!part) refuse();
        bytes += *part;
    }
    if (kind == "clap") {
        fx.set("state", to_base64(bytes));
        fx.set("state_format", "raw");
    } else {
        const auto chunk = kind == "vst2" || kind == "vst3" ? parse_vst_chunk(bytes, kind == "vst3")
                                                            : std::nullopt;
        const auto state = chunk ? contained_state(*chunk) : std::nullopt;
        if (!state) refuse();
        fx.set("state", to_base64(state->bytes));
        fx.set("program", text_as_utf8(chunk->program()));
        fx.set_json("reaper", reaper_json(*chunk));
    }
    fx.remove("chunk");
}

}  // namespace

void PluginRegistry::read(const std::string& path) {
    const auto text = read_file(path, largest_registry, Accept::anything);
    const auto folder = parent_folder(absolute_path(path));
    Part part;
    std::size_t number = 0;
    for (std::size_t begin = 0; begin < text.size(); ++number) {
        const auto end = std::min(text.find('\n', begin), text.size());
        const auto line = std::string_view(text).substr(begin, end - begin);
        begin = end + 1;
        if (line.find_first_not_of(" \t\r") == line.npos) continue;
        try {
            add(part, Record(line), folder);
        } catch (const Error& error) {
            throw Error(ErrorKind::bad_record, path,
                        "line " + std::to_string(number + 1) + ": " + error.what());
        }
    }
    // What is here already stays out of the merge.
    part.plugins.merge(all_.plugins);
    part.aliases.merge(all_.aliases);
    part.presets.merge(all_.presets);
    all_ = std::move(part);
}

void PluginRegistry::add(Part& part, Record record, const std::string& folder) {
    const auto type = record.text("type").value_or("");
    for (const auto* const key : {"state_path", "preset_path"})
        if (const auto path = record.path(key); path && !path->empty() && path->front() != '/')
            record.set(key, folder + "/" + *path);
    if (type == "plugin") {
        const auto key = needed_text(record, "key");
        put_once(part.plugins, key, checked_plugin(std::move(record)), key);
    } else if (type == "alias") {
        const auto alias = needed_text(record, "alias");
        put_once(part.aliases, alias, needed_text(record, "key"), alias);
    } else if (type == "preset") {
        if (!has_any_state(record))
            throw Error(ErrorKind::bad_record, "state",
                        "is missing, and so are state_path, preset_path and chunk; give one");
        const auto plugin = needed_text(record, "plugin");
        const auto role = record.text("role").value_or("");
        put_once(part.presets, Role(plugin, role), record, plugin + " " + role);
    }
}

Record PluginRegistry::checked_plugin(Record record) {
    if (const auto id = record.text("reaper_id"); id && !id->empty()) {
        if (!record.raw("plugin_kind"))
            record.set("plugin_kind", parse_reaper_vst_id(*id).vst3 ? "vst3" : "vst2");
        record.set("reaper_id", bracketed_id(*id, plugin_kind_of(record) == "vst3"));
    }
    (void)plugin_kind_of(record);
    return record;
}

std::string PluginRegistry::key_of(const std::string& name) const {
    std::vector<std::string> passed;
    auto key = name;
    for (auto next = all_.aliases.find(key); next != all_.aliases.end();
         next = all_.aliases.find(key)) {
        if (all_.plugins.contains(key)) break;
        passed.push_back(key);
        key = next->second;
        if (has(passed, key))
            throw Error(ErrorKind::bad_record, name,
                        "is an alias that leads to itself; correct it");
    }
    return key;
}

void PluginRegistry::check() const {
    for (const auto& [alias, key] : all_.aliases) (void)key_of(alias);
}

const Record& PluginRegistry::plugin(const std::string& name) const {
    const auto key = key_of(name);
    const auto found = all_.plugins.find(key);
    if (found != all_.plugins.end()) return found->second;
    std::vector<std::string> names;
    for (const auto& one : all_.plugins) names.push_back(one.first);
    for (const auto& one : all_.aliases) names.push_back(one.first);
    throw Error(ErrorKind::bad_record, "plugin",
                "is '" + name + "'" + (key == name ? "" : ", an alias of '" + key + "'") +
                    ", which the registry does not have" + closest_words(names, name) +
                    "; correct it, or add it to a file and give --registry");
}

// Presets may name their plug-in by an alias too.
const Record* PluginRegistry::preset(const std::string& key, const std::string& role) const {
    if (const auto found = all_.presets.find({key, role}); found != all_.presets.end())
        return &found->second;
    for (const auto& [name, record] : all_.presets)
        if (name.second == role && key_of(name.first) == key) return &record;
    return nullptr;
}

Record PluginRegistry::complete(const Record& fx) const {
    Record whole = fx;
    const auto name = fx.text("plugin").value_or("");
    if (!name.empty()) {
        const auto& known = plugin(name);
        for (const auto& key : known.keys())
            if (key != "type" && key != "key" && !has(states, key) && !has(state_fields, key) &&
                !whole.raw(key))
                whole.set_json(key, known.raw(key).value_or("null"));
        const auto key = known.text("key").value_or("");
        const auto role = fx.text("role").value_or("");
        const auto* from = role.empty() ? nullptr : preset(key, role);
        if (from == nullptr) from = preset(key, "");
        if (from == nullptr) from = &known;
        if (!has_any_state(fx)) {
            for (const auto& list : {states, state_fields})
                for (const auto field : list)
                    if (const auto value = from->raw(field); value && !whole.raw(field))
                        whole.set_json(field, *value);
        }
    }
    decode_chunk(whole);
    return whole;
}

PluginRegistry read_registries(const std::vector<std::string>& files) try {
    PluginRegistry registry;
    if (const auto ours = installed_file("reaper-plugins.ndjson")) registry.read(*ours);
    for (const auto& file : files) registry.read(file);
    registry.check();
    return registry;
} catch (const Error& error) {
    throw UsageError(std::string("--registry: ") + error.what());
}

}  // namespace patchpipe
