// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "match/file_matcher.h"

#include <sys/stat.h>
#include <algorithm>
#include <limits>
#include <tuple>

#include "file/absolute.h"
#include "file/content_hash.h"
#include "file/walk_folder.h"
#include "names/characters.h"

namespace patchpipe {
namespace {

constexpr std::pair<MatchRule, std::string_view> names_of_rules[] = {
    {MatchRule::name, "name"},           {MatchRule::any_case, "any-case"},
    {MatchRule::stem, "stem"},           {MatchRule::prefix, "prefix"},
    {MatchRule::substring, "substring"}, {MatchRule::content, "content"},
};

constexpr std::size_t unknown_size = std::numeric_limits<std::size_t>::max();

// The wanted name in the forms that rules compare.
struct WantedName {
    explicit WantedName(const WantedFile& wanted)
        : whole(composed_form(file_name(wanted.path))),
          name(composed_form(foreign_file_name(wanted.path))),
          folded(folded_form(name)),
          kind(kind_of_suffix(name_parts(folded).suffix)) {
        stem = folded;
        // "snare no.2" of a module has no suffix.
        if (kind == FileKind::other && wanted.kind != FileKind::other) {
            kind = wanted.kind;
            return;
        }
        const auto parts = name_parts(folded);
        suffix = parts.suffix;
        stem = parts.stem;
    }

    [[nodiscard]] bool is_name_of(std::string_view file) const {
        const auto composed = composed_form(file);
        return composed == name || composed == whole;
    }
    // Of the same kind, or of no kind that is known and with the same suffix.
    [[nodiscard]] bool is_kind_of(std::string_view folded_file) const {
        const auto file_suffix = name_parts(folded_file).suffix;
        return kind == FileKind::other ? file_suffix == suffix
                                       : kind_of_suffix(file_suffix) == kind;
    }

    std::string whole;  // on this system, where a name may contain backslashes
    std::string name;
    std::string folded, stem, suffix;
    FileKind kind;
};

// The names of the folders in a path, from the last to the first.
std::vector<std::string> folders_upwards(std::string_view path) {
    std::vector<std::string> names;
    while (true) {
        const auto slash = path.find_last_of("/\\");
        if (const auto name = path.substr(slash + 1); !name.empty() && name != ".")
            names.push_back(folded_form(name));
        if (slash == path.npos) return names;
        path = path.substr(0, slash);
    }
}

std::size_t alike(const std::vector<std::string>& one, const std::vector<std::string>& other) {
    const auto shorter = std::min(one.size(), other.size());
    std::size_t count = 0;
    while (count < shorter && one[count] == other[count]) ++count;
    return count;
}

std::optional<std::uint64_t> size_of(const std::string& path) {
    struct stat info {};
    if (::stat(path.c_str(), &info) != 0) return {};
    return static_cast<std::uint64_t>(info.st_size);
}

}  // namespace

std::optional<MatchRule> rule_named(std::string_view name) {
    for (const auto& [rule, its_name] : names_of_rules)
        if (its_name == name) return rule;
    return {};
}

std::string_view to_string(MatchRule rule) {
    return names_of_rules[static_cast<std::size_t>(rule)].second;
}

std::vector<std::string_view> rule_names() {
    std::vector<std::string_view> names;
    for (const auto& one : names_of_rules) names.push_back(one.second);
    return names;
}

void FileMatcher::read_contents(const std::string& manifest) {
    try {
        for (const auto& entry : read_manifest(manifest)) {
            contents_.try_emplace(entry.file.name, entry.file);
            for (const auto& source : entry.sources) contents_.try_emplace(source, entry.file);
        }
    } catch (const Error&) {
        // There is none, or it is another program's.
    }
}

// A name may be that of another file, so this only counts where no name is found.
WantedFile FileMatcher::with_content(const WantedFile& wanted) const {
    auto whole = wanted;
    if (wanted.bytes || wanted.hash) return whole;
    auto known = contents_.find(wanted.path);
    if (known == contents_.end())
        known = contents_.find(std::string(foreign_file_name(wanted.path)));
    if (known == contents_.end()) return whole;
    whole.bytes = known->second.bytes;
    whole.hash = known->second.hash;
    return whole;
}

void FileMatcher::read_folders() {
    index_.emplace();
    for (const auto& folder : settings_.folders)
        read_contents(folder + "/" + std::string(manifest_name));
    for (const auto& folder : settings_.folders)
        walk_folder(folder, {.recursive = true, .follow_links = settings_.follow_links},
                    {.wanted = [](std::string_view) { return true; },
                     .found = [&](const std::string& path) { index_->add(path); },
                     .failed = settings_.failed});
    index_->sort();
}

std::optional<FileMatch> FileMatcher::find(const WantedFile& wanted) {
    // Songs name the same few files again and again.
    constexpr std::size_t most_known = 4096;
    const auto key = wanted.path + '\0' + std::to_string(static_cast<int>(wanted.kind)) + '\0' +
                     (wanted.bytes ? std::to_string(*wanted.bytes) : "") + '\0' +
                     wanted.hash.value_or("");
    if (const auto found = known_.find(key); found != known_.end()) return found->second;
    if (!index_) read_folders();
    const auto match = search(wanted);
    if (known_.size() == most_known) known_.clear();
    known_.emplace(key, match);
    return match;
}

std::optional<FileMatch> FileMatcher::search(const WantedFile& wanted) {
    for (const auto rule : settings_.rules) {
        const auto sought = rule == MatchRule::content ? with_content(wanted) : wanted;
        auto files = candidates(rule, sought);
        std::erase_if(files, [&](File file) { return !has_content(file, sought); });
        if (files.empty()) continue;
        return FileMatch{index_->path(best(files, wanted)), rule, files.size()};
    }
    return {};
}

std::vector<FileMatcher::File> FileMatcher::candidates(MatchRule rule, const WantedFile& wanted) {
    if (rule == MatchRule::content)
        return wanted.bytes && wanted.hash ? of_size(*wanted.bytes) : std::vector<File>{};
    std::vector<File> files;
    const WantedName name(wanted);
    if (name.stem.empty()) return files;
    // A name is in the index under its own form, of this system or of another.
    if (rule == MatchRule::name || rule == MatchRule::any_case) {
        for (const auto& text : {name.folded, folded_form(name.whole)})
            index_->each_beginning(text, [&](File file) {
                if (index_->folded(file) != text) return;
                if (rule == MatchRule::any_case || name.is_name_of(index_->name(file)))
                    files.push_back(file);
            });
        std::sort(files.begin(), files.end());
        files.erase(std::unique(files.begin(), files.end()), files.end());
        return files;
    }
    const auto take = [&](File file) {
        const auto stem = name_parts(index_->folded(file)).stem;
        const bool fits = rule == MatchRule::stem     ? stem == name.stem
                          : rule == MatchRule::prefix ? stem.starts_with(name.stem)
                                                      : stem.find(name.stem) != stem.npos;
        if (fits && name.is_kind_of(index_->folded(file))) files.push_back(file);
    };
    if (rule == MatchRule::substring)
        index_->each_containing(name.stem, take);
    else
        index_->each_beginning(name.stem, take);
    return files;
}

std::vector<FileMatcher::File> FileMatcher::of_size(std::uint64_t bytes) {
    if (sizes_.empty() && index_->size() > 0) {
        sizes_.reserve(index_->size());
        for (File file = 0; file < index_->size(); ++file)
            sizes_.push_back(size_of(index_->path(file)).value_or(unknown_size));
    }
    std::vector<File> files;
    for (File file = 0; file < sizes_.size(); ++file)
        if (sizes_[file] == bytes) files.push_back(file);
    return files;
}

bool FileMatcher::has_content(File file, const WantedFile& wanted) const {
    if (!wanted.bytes && !wanted.hash) return true;
    const auto path = index_->path(file);
    if (wanted.bytes && size_of(path) != wanted.bytes) return false;
    try {
        return !wanted.hash || file_hash(path, unknown_size) == *wanted.hash;
    } catch (const Error&) {
        return false;  // it cannot be read
    }
}

FileMatcher::File FileMatcher::best(const std::vector<File>& files,
                                    const WantedFile& wanted) const {
    const auto folders = folders_upwards(wanted.path.substr(
        0,
        wanted.path.size() - std::min(wanted.path.size(), foreign_file_name(wanted.path).size())));
    const auto name = foreign_file_name(wanted.path);
    const auto rank = [&](File file) {
        const auto same = alike(folders, folders_upwards(index_->folder(file)));
        return std::tuple(unknown_size - same, index_->name(file) != name, file);
    };
    return *std::min_element(files.begin(), files.end(),
                             [&](File one, File other) { return rank(one) < rank(other); });
}

}  // namespace patchpipe
