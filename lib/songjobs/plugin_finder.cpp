// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "songjobs/plugin_finder.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "base/error.h"
#include "file/absolute.h"
#include "plugin/dsp_operand.h"
#include "plugin/opener.h"
#include "plugin/plugin_folders.h"
#include "preset/vstpreset.h"

namespace patchpipe {
namespace {

namespace fs = std::filesystem;

std::string small(std::string_view text) {
    std::string result(text);
    for (auto& c : result)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 'a' - 'A');
    return result;
}

// "serum" of "C:\VST\Serum_x64.dll": what the file is called on every system.
std::string file_stem(std::string_view path) {
    path = path.substr(0, path.find('<'));  // of one plug-in of several in a file
    path.remove_prefix(path.find_last_of("/\\") + 1);
    auto name = small(path);
    for (const std::string_view suffix :
         {".so", ".dll", ".dylib", ".vst3", ".vst", "_x64", "-x64", " (x64)"})
        if (name.ends_with(suffix)) name.resize(name.size() - suffix.size());
    return name;
}

bool same_id(const std::string& one, const std::string& other, bool vst3) {
    return vst3 ? same_class_id(one, other) : one == other;
}

std::string shown_name(const Record& effect) {
    for (const auto* const key : {"name", "plugin_path", "plugin_id", "fx"})
        if (const auto text = effect.text(key).value_or(""); !text.empty()) return text;
    return "effect";
}

[[noreturn]] void refuse(const Record& effect, ErrorKind kind, const std::string& message) {
    throw Error(kind, shown_name(effect), message);
}

void refuse_kind(const Record& effect, const std::string& kind) {
    if (kind == "js" || kind == "video_effect")
        refuse(effect, ErrorKind::unsupported,
               "is part of REAPER, and cannot be rendered without it; freeze the track, or put a "
               "plug-in in its place");
    if (kind == "clap")
        refuse(effect, ErrorKind::unsupported,
               "is a CLAP plug-in, which patchpipe does not play; install its VST3 or LV2 and put "
               "that in its place");
    if (kind == "au" || kind == "dx")
        refuse(effect, ErrorKind::unsupported,
               "is a plug-in for another system; put a VST or LV2 in its place");
}

bool comes_with_reaper(const Record& effect) {
    return effect.text("name").value_or("").find("(Cockos)") != std::string::npos;
}

}  // namespace

PluginFinder::PluginFinder(Places places, Identify identify)
    : places_(std::move(places)), identify_(std::move(identify)) {
    for (auto& folder : plugin_folders()) places_.folders.push_back(std::move(folder));
}

const Source& PluginFinder::find(const Record& effect) {
    std::string key;
    for (const auto* const field : {"plugin_kind", "plugin_path", "plugin_id"})
        key += effect.text(field).value_or("") + "\n";
    const auto known = found_.find(key);
    return known != found_.end() ? known->second
                                 : found_.emplace(key, search(effect)).first->second;
}

Source PluginFinder::search(const Record& effect) {
    auto kind = effect.text("plugin_kind").value_or("");
    refuse_kind(effect, kind);
    const auto path = effect.path("plugin_path").value_or("");
    const auto id = effect.text("plugin_id").value_or("");
    if (path.empty() && id.empty())
        refuse(effect, ErrorKind::bad_record, "names no plug-in; give it a plugin_path");
    const auto own = own_path(path);
    std::error_code unseen;
    const bool named = is_named(own);
    if (named && (is_uri(own) || fs::exists(own, unseen))) return find_source(own);
    if (places_.refuse_songs && !named)
        refuse(effect, ErrorKind::unsupported,
               "is a plug-in that only the song names, and --no-record-plugins refuses these");
    if (is_uri(path)) return find_source(path);
    if (kind == "lv2" && is_uri(id)) return find_source(id);
    if (const auto found = find_own(effect, false)) return *found;
    const bool vst3 = kind == "vst3" || small(path).ends_with(".vst3");
    const auto name = file_stem(path);
    if (const auto installed = find_installed(name, vst3)) return *installed;
    if (const auto found = find_own(effect, true)) return *found;
    if (comes_with_reaper(effect))
        refuse(effect, ErrorKind::unsupported,
               "is part of REAPER, and cannot be rendered without it; freeze the track, or put "
               "another plug-in in its place");
    if (!id.empty())
        if (const auto found = with_id(id, vst3)) return find_source(*found);
    refuse(effect, ErrorKind::not_found,
           "is not installed: no file in the folders of plug-ins is called " +
               (name.empty() ? "like it" : name) +
               (id.empty() ? "" : ", and none has the id " + id) +
               "; install it, name its folder with --plugin-path, or leave it out with "
               "--allow-missing");
}

// What the record's own path leads to, in the song's folder or outside of it.
std::optional<Source> PluginFinder::find_own(const Record& effect, bool in_song_folder) const {
    const auto path = effect.path("plugin_path").value_or("");
    const auto own = own_path(path);
    std::error_code unseen;
    if (path.empty() || !fs::exists(own, unseen) || came_with_song(path) != in_song_folder)
        return {};
    if (in_song_folder && !places_.allow_song_folder)
        refuse(effect, ErrorKind::not_found,
               "is not installed, and the one in the song's folder is a program that came with the "
               "song; if you trust it: --allow-song-plugins");
    return find_source(own);
}

std::string PluginFinder::own_path(const std::string& path) const {
    return path.starts_with('/') || is_uri(path) ? path : places_.song_folder + "/" + path;
}

bool PluginFinder::is_named(const std::string& path) const {
    const auto normal = [](const std::string& name) {
        return fs::path(absolute_path(name)).lexically_normal();
    };
    return std::any_of(places_.named.begin(), places_.named.end(), [&](const auto& named) {
        return !named.empty() && (named == path || normal(named) == normal(path));
    });
}

// A path from the song's folder on did, and so did what lies in that folder, or in the current one,
// by its path or by where its links lead: what a song says of its own folder may be false.
bool PluginFinder::came_with_song(const std::string& path) const {
    const auto is_in = [](const std::string& inner, const std::string& folder) {
        const auto rest = fs::path(inner).lexically_relative(folder);
        return !rest.empty() && *rest.begin() != "..";
    };
    std::error_code unseen;
    const auto real = [&](const std::string& name) {
        return fs::weakly_canonical(absolute_path(name), unseen).string();
    };
    const auto lies_in = [&](const std::string& folder) {
        return is_in(fs::path(own_path(path)).lexically_normal(),
                     fs::path(absolute_path(folder)).lexically_normal()) ||
               is_in(real(own_path(path)), real(folder));
    };
    const auto& folders = places_.folders;
    if (std::any_of(folders.begin(), folders.end(),
                    [&](const auto& folder) { return is_in(real(own_path(path)), real(folder)); }))
        return false;
    return !path.starts_with('/') || lies_in(places_.song_folder) || lies_in(working_folder());
}

std::optional<Source> PluginFinder::find_installed(const std::string& name, bool vst3) {
    if (!candidates_) search_all();
    for (const auto& candidate : *candidates_)
        if (candidate.vst3 == vst3 && candidate.name == name) return find_source(candidate.path);
    return {};
}

void PluginFinder::search_all() {
    candidates_.emplace();
    for (const auto& folder : places_.folders)
        for (const auto& path : plugin_files(absolute_path(folder)))
            candidates_->push_back({path, file_stem(path), small(path).ends_with(".vst3")});
}

std::optional<std::string> PluginFinder::with_id(const std::string& id, bool vst3) {
    for (const auto& candidate : *candidates_) {
        if (candidate.vst3 != vst3 || is_dsp_path(candidate.path)) continue;
        auto known = ids_.find(candidate.path);
        if (known == ids_.end())
            known = ids_.emplace(candidate.path, identify_(candidate.path).value_or("")).first;
        if (same_id(known->second, id, vst3)) return candidate.path;
    }
    return {};
}

}  // namespace patchpipe
