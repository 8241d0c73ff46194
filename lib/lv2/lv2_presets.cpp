// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "lv2/lv2_presets.h"

#include <lv2/atom/atom.h>
#include <lv2/core/lv2.h>
#include <lv2/presets/presets.h>
#include <sys/stat.h>
#include <algorithm>
#include <map>
#include <optional>
#include <unordered_map>
#include <unordered_set>

#include "base/closest.h"
#include "base/error.h"
#include "base/utf8.h"
#include "base/words.h"
#include "file/absolute.h"
#include "file/read_file.h"
#include "lv2/lv2_search.h"
#include "lv2/turtle.h"

namespace patchpipe {
namespace {

constexpr std::size_t largest_file = std::size_t{64} << 20;
constexpr std::string_view rdfs_see_also = "http://www.w3.org/2000/01/rdf-schema#seeAlso";

void read_statements(const std::string& path,
                     const std::function<void(const TurtleStatement&)>& use) {
    const auto text = read_file(path, largest_file);
    if (text.find('\0') != text.npos) throw Error(ErrorKind::corrupt, path, "is not text");
    if (const auto why = read_turtle(text, file_uri(path), use))
        throw Error(ErrorKind::corrupt, path, "is not what LV2 bundles are described in: " + *why);
}

bool is_file(const std::string& path) {
    struct stat status;
    return ::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode);
}

// Of several labels the one without a language.
class Label {
 public:
    void add(const TurtleNode& node) {
        if (node.kind != TurtleNode::Kind::literal || !is_utf8(node.text)) return;
        if (known_ && (!node.language.empty() || plain_)) return;
        known_ = true;
        plain_ = node.language.empty();
        text_ = node.text;
    }
    [[nodiscard]] bool known() const { return known_; }
    [[nodiscard]] const std::string& text() const { return text_; }

 private:
    std::string text_;
    bool known_ = false, plain_ = false;
};

// What a file says of a URI that may be a preset's or a bank's.
struct Described {
    bool is_preset = false;
    std::vector<std::string> plugins, see_also;  // the latter are paths within the bundle
    std::string bank;                            // a URI
    Label label;

    // The file that has the rest; empty if this is all.
    [[nodiscard]] std::string file() const {
        for (const auto& path : see_also)
            if (is_file(path)) return path;
        return see_also.empty() ? "" : see_also.front();
    }
};

struct Description {
    std::vector<std::string> uris;  // in the file's order
    std::unordered_map<std::string, Described> by_uri;

    Described& of(std::string_view uri) {
        const auto [found, is_new] = by_uri.try_emplace(std::string(uri));
        if (is_new) uris.emplace_back(uri);
        return found->second;
    }
};

// Real presets name a few plug-ins and files; more than the most are left out.
void add_once(std::vector<std::string>& list, std::string_view text) {
    constexpr std::size_t most = 1000;
    if (list.size() < most && std::find(list.begin(), list.end(), text) == list.end())
        list.emplace_back(text);
}

void add_see_also(Described& described, const std::string& named, const std::string& folder) {
    if (named.empty()) return;
    const auto path = absolute_path(named);
    if (!within(path, folder).empty()) add_once(described.see_also, path);
}

// folder is that of the file: a bundle has no say over files elsewhere.
void describe(Description& description, const TurtleStatement& statement,
              const std::string& folder) {
    const auto& [subject, predicate, object] = statement;
    if (subject.kind != TurtleNode::Kind::uri) return;
    const bool to_uri = object.kind == TurtleNode::Kind::uri;
    if (predicate == rdf_type && object.is_uri(LV2_PRESETS__Preset))
        description.of(subject.text).is_preset = true;
    else if (predicate == LV2_CORE__appliesTo && to_uri)
        add_once(description.of(subject.text).plugins, object.text);
    else if (predicate == rdfs_see_also && to_uri)
        add_see_also(description.of(subject.text), path_of_uri(object.text), folder);
    else if (predicate == LV2_PRESETS__bank && to_uri)
        description.of(subject.text).bank = object.text;
    else if (predicate == rdfs_label)
        description.of(subject.text).label.add(object);
}

Description describe_file(const std::string& path) {
    Description description;
    const std::string folder(folder_of(absolute_path(path)));
    read_statements(path, [&](const auto& statement) { describe(description, statement, folder); });
    return description;
}

// A file that cannot be read gives none, and whoever loads a preset from it learns why.
void add_labels_in(const std::string& file, const std::unordered_set<std::string>& uris,
                   Description& description) try {
    read_statements(file, [&](const TurtleStatement& statement) {
        if (statement.predicate != rdfs_label) return;
        const std::string uri(statement.subject.text);
        if (uris.contains(uri)) description.by_uri.at(uri).label.add(statement.object);
    });
} catch (const Error&) {
}

// The labels that a manifest leaves to the files that it names. Each file is read once.
void add_labels(Description& description) {
    std::map<std::string, std::unordered_set<std::string>> wanted;
    for (const auto& [uri, described] : description.by_uri)
        if (described.is_preset && !described.label.known())
            if (const auto file = described.file(); !file.empty()) wanted[file].insert(uri);
    for (const auto& [file, uris] : wanted) add_labels_in(file, uris, description);
}

std::string bank_name(const Description& description, const std::string& uri) {
    const auto found = description.by_uri.find(uri);
    return found == description.by_uri.end() ? "" : found->second.label.text();
}

std::vector<Lv2Preset> presets_of(const Description& description, const std::string& path) {
    std::vector<Lv2Preset> presets;
    for (const auto& uri : description.uris) {
        const auto& described = description.by_uri.at(uri);
        if (!described.is_preset || !is_utf8(uri)) continue;
        const auto file = described.file();
        Lv2Preset preset{.uri = uri,
                         .plugin = {},
                         .name = described.label.text(),
                         .bank = bank_name(description, described.bank),
                         .path = file.empty() ? path : file};
        for (const auto& plugin : described.plugins)
            if (is_utf8(plugin)) {
                preset.plugin = plugin;
                presets.push_back(preset);
            }
        if (preset.plugin.empty()) presets.push_back(preset);
    }
    return presets;
}

// The manifests of the bundles that the file may be in, the closest first.
std::vector<std::string> manifests_above(const std::string& path) {
    constexpr std::size_t most_folders = 8;
    std::vector<std::string> manifests;
    auto folder = std::string(folder_of(path));
    for (std::size_t i = 0; i < most_folders && !folder.empty(); ++i) {
        auto manifest = folder + "/" + std::string(lv2_manifest_name);
        if (is_file(manifest)) manifests.push_back(std::move(manifest));
        folder = folder_of(folder);
    }
    return manifests;
}

bool same_file(const std::string& one, const std::string& other) {
    struct stat first, second;
    return one == other ||
           (::stat(one.c_str(), &first) == 0 && ::stat(other.c_str(), &second) == 0 &&
            first.st_dev == second.st_dev && first.st_ino == second.st_ino);
}

// Those of the first manifest above the file that lists any of the file's.
std::vector<Lv2Preset> listed_presets_of(const std::string& path) {
    for (const auto& manifest : manifests_above(path)) {
        auto presets = lv2_presets_in(manifest);
        if (same_file(manifest, path)) return presets;
        std::map<std::string, bool> same;  // paths that were compared
        std::erase_if(presets, [&](const Lv2Preset& preset) {
            const auto [known, is_new] = same.try_emplace(preset.path);
            if (is_new) known->second = same_file(preset.path, path);
            return !known->second;
        });
        if (!presets.empty()) return presets;
    }
    return {};
}

// Presets that cannot be read are not listed.
std::vector<Lv2Preset> presets_in_bundle(const std::string& bundle) try {
    return lv2_presets_in(bundle + std::string(lv2_manifest_name));
} catch (const Error&) {
    return {};
}

// Makes a state of the statements.
class StateText {
 public:
    StateText(const std::string& uri, std::string bundle) : bundle_(std::move(bundle)) {
        state_.uri = uri;
    }

    void add(const TurtleStatement& statement, std::string_view blank_begin) {
        if (statement.predicate == rdfs_see_also) return;
        if (statement.predicate == LV2_CORE__appliesTo && is_subject(statement))
            add_once(state_.plugins, statement.object.text);
        if (statement.predicate == rdf_type && is_subject(statement))
            is_preset_ = is_preset_ || statement.object.is_uri(LV2_PRESETS__Preset);
        auto whole = statement, within = statement;
        const auto subject = file_of(statement.subject), object = file_of(statement.object);
        if (object) add_once(state_.files, *object);
        if (object && statement.object.kind == TurtleNode::Kind::literal)
            whole.object.text = *object;
        if (subject) within.subject = path_in_bundle(*subject);
        if (object) within.object = path_in_bundle(*object);
        state_.turtle += turtle_line(whole, blank_begin);
        state_.identity += turtle_line(within, blank_begin);
    }

    [[nodiscard]] bool empty() const { return state_.turtle.empty(); }

    Lv2PresetState done() {
        constexpr auto uri = TurtleNode::Kind::uri;
        if (!is_preset_)
            state_.turtle +=
                turtle_line({{uri, state_.uri}, rdf_type, {uri, LV2_PRESETS__Preset}}, "");
        return std::move(state_);
    }

 private:
    [[nodiscard]] bool is_subject(const TurtleStatement& statement) const {
        return statement.subject.is_uri(state_.uri);
    }
    // The absolute path that the value means: as a URI, or as a path in the bundle.
    [[nodiscard]] std::optional<std::string> file_of(const TurtleNode& node) const {
        if (node.kind == TurtleNode::Kind::uri) {
            auto path = path_of_uri(node.text);
            return path.empty() ? std::nullopt : std::optional(std::move(path));
        }
        if (node.kind != TurtleNode::Kind::literal || node.datatype != LV2_ATOM__Path ||
            node.text.empty())
            return {};
        const std::string text(node.text);
        return text.starts_with('/') ? text : bundle_ + text;
    }
    [[nodiscard]] TurtleNode path_in_bundle(std::string_view path) const {
        if (path.starts_with(bundle_)) path.remove_prefix(bundle_.size());
        return {TurtleNode::Kind::literal, path, LV2_ATOM__Path};
    }

    std::string bundle_;  // ends in a slash
    Lv2PresetState state_;
    bool is_preset_ = false;
};

std::string uri_of(const Lv2Preset& preset) { return preset.uri; }

// Without doubles: a preset is listed for each of its plug-ins.
std::vector<std::string> texts_of(const std::vector<Lv2Preset>& presets,
                                  std::string (*text)(const Lv2Preset&)) {
    std::vector<std::string> texts;
    std::unordered_set<std::string> seen;
    for (const auto& preset : presets)
        if (seen.insert(preset.uri).second) texts.push_back(text(preset));
    return texts;
}

std::string shown_name(const Lv2Preset& preset) {
    return preset.name.empty() ? preset.uri : preset.name;
}

// The statements of a file about a URI, and about the blank nodes that these lead to.
class Extract {
 public:
    Extract(std::string path, std::string uri, std::string blank_begin)
        : path_(std::move(path)), uri_(std::move(uri)), blank_begin_(std::move(blank_begin)) {}

    // A blank node with a name may be described before it is known to be wanted: then all is read
    // once more.
    void read_into(StateText& text) {
        constexpr int most_times = 8;
        const auto before = text;
        for (int i = 0; i < most_times; ++i) {
            missed_ = false;
            passed_over_.clear();
            read_statements(path_, [&](const auto& statement) { take(statement, text); });
            if (!missed_) return;
            text = before;
        }
        throw Error(ErrorKind::corrupt, path_,
                    "describes " + uri_ + " with nodes that lead back again and again");
    }

 private:
    void take(const TurtleStatement& statement, StateText& text) {
        const auto& [subject, predicate, object] = statement;
        const bool blank = subject.kind == TurtleNode::Kind::blank;
        if (blank ? !blanks_.contains(std::string(subject.text)) : !subject.is_uri(uri_)) {
            if (blank) passed_over_.emplace(subject.text);
            return;
        }
        text.add(statement, blank_begin_);
        if (object.kind != TurtleNode::Kind::blank) return;
        const std::string name(object.text);
        if (blanks_.insert(name).second && passed_over_.contains(name)) missed_ = true;
    }

    std::string path_, uri_, blank_begin_;
    std::unordered_set<std::string> blanks_, passed_over_;
    bool missed_ = false;
};

// Where a preset is described.
struct Home {
    std::string bundle;              // the folder, with a slash at the end
    std::vector<std::string> files;  // that describe it
};

// Nothing if the manifest does not list the preset as one of the file's.
std::optional<Home> home_in(const std::string& manifest, const std::string& path,
                            const std::string& uri) {
    const auto description = describe_file(manifest);
    const auto found = description.by_uri.find(uri);
    if (found == description.by_uri.end() || !found->second.is_preset) return {};
    Home home{.bundle = std::string(folder_of(manifest)) + "/", .files = {manifest}};
    for (const auto& file : found->second.see_also)
        if (is_file(file)) add_once(home.files, file);
    const auto is_given = [&](const auto& file) { return same_file(file, path); };
    if (std::none_of(home.files.begin(), home.files.end(), is_given)) return {};
    return home;
}

Home home_of(const std::string& path, const std::string& uri) {
    for (const auto& manifest : manifests_above(path))
        if (auto home = home_in(manifest, path, uri)) return *home;
    return {.bundle = std::string(folder_of(path)) + "/", .files = {path}};
}

// path, a file or a bundle, is for messages.
std::string only_of(const std::vector<Lv2Preset>& presets, const std::string& path) {
    if (presets.empty())
        throw Error(ErrorKind::unsupported, path,
                    "holds no LV2 preset: neither it nor a manifest.ttl beside it describes a "
                    "pset:Preset");
    const auto names = texts_of(presets, shown_name);
    if (names.size() == 1) return presets.front().uri;
    throw Error(ErrorKind::unsupported, path,
                "holds " + std::to_string(names.size()) + " presets: " + some_of(names) +
                    "; say which one in preset_uri, as preset-scan does");
}

[[noreturn]] void refuse_uri(const std::vector<Lv2Preset>& presets, const std::string& path,
                             const std::string& uri) {
    const auto known = texts_of(presets, uri_of);
    throw Error(ErrorKind::not_found, path,
                "has no preset " + uri + closest_words(known, uri) + "; preset-scan lists them");
}

}  // namespace

std::vector<Lv2Preset> lv2_presets_in(const std::string& manifest) {
    auto description = describe_file(manifest);
    add_labels(description);
    return presets_of(description, manifest);
}

std::vector<Lv2Preset> lv2_presets_of_file(const std::string& path) {
    auto listed = listed_presets_of(path);
    return listed.empty() ? lv2_presets_in(path) : listed;
}

std::vector<Lv2Preset> lv2_presets_for(const std::string& plugin_uri) {
    std::vector<Lv2Preset> presets;
    for (const auto& bundle : lv2_bundles_naming(plugin_uri))
        for (auto& preset : presets_in_bundle(bundle))
            if (preset.plugin == plugin_uri) presets.push_back(std::move(preset));
    return presets;
}

std::vector<Lv2Preset> find_lv2_preset(const std::string& uri) {
    for (const auto& bundle : lv2_bundles_naming(uri)) {
        auto presets = presets_in_bundle(bundle);
        std::erase_if(presets, [&](const Lv2Preset& preset) { return preset.uri != uri; });
        if (!presets.empty()) return presets;
    }
    throw Error(ErrorKind::not_found, uri,
                "no such preset: no LV2 bundle that is installed lists this URI; LV2_PATH names "
                "the folders, plugin-probe --presets lists a plug-in's presets");
}

std::string lv2_preset_file(const std::string& bundle, const std::string& uri) {
    const auto presets = lv2_presets_in(bundle + "/" + std::string(lv2_manifest_name));
    const auto wanted = uri.empty() ? only_of(presets, bundle) : uri;
    for (const auto& preset : presets)
        if (preset.uri == wanted) return preset.path;
    refuse_uri(presets, bundle, wanted);
}

Lv2PresetState read_lv2_preset(const std::string& given, const std::string& uri) {
    const auto path = absolute_path(given);
    const auto wanted = uri.empty() ? only_of(lv2_presets_of_file(path), path) : uri;
    const auto home = home_of(path, wanted);
    StateText text(wanted, home.bundle);
    for (std::size_t i = 0; i < home.files.size(); ++i)
        Extract(home.files[i], wanted, "f" + std::to_string(i)).read_into(text);
    if (text.empty()) refuse_uri(lv2_presets_of_file(path), path, wanted);
    return text.done();
}

}  // namespace patchpipe
