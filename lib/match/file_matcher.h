// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Finds the file that a path which leads nowhere may mean. Not here: where the path comes from
// (path_fields.h).
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/error.h"
#include "match/file_index.h"
#include "match/file_kind.h"
#include "match/manifest.h"

namespace patchpipe {

/// What is known of a file that is looked for.
struct WantedFile {
    std::string path;                      ///< as a record has it, perhaps of another system
    FileKind kind = FileKind::other;       ///< if the path is a name without a suffix
    std::optional<std::uint64_t> bytes{};  ///< its size
    std::optional<std::string> hash{};     ///< as content_hash() makes it
};

/// How a file is found, in the order in which this is tried.
enum class MatchRule {
    name,       ///< it is called the same
    any_case,   ///< the same but for letter case
    stem,       ///< the same but for case and the suffix, of the same kind of file
    prefix,     ///< its name begins with that of the wanted file, without the suffix
    substring,  ///< its name contains that
    content,    ///< it has the same size and hash, as known from the record or a manifest
};

/// The rule with that name: "name", "any-case" and so on; nothing if there is none.
[[nodiscard]] std::optional<MatchRule> rule_named(std::string_view name);
[[nodiscard]] std::string_view to_string(MatchRule rule);
/// Of all rules, in order.
[[nodiscard]] std::vector<std::string_view> rule_names();

struct FileMatch {
    std::string path;
    MatchRule rule;
    std::size_t count;  ///< of files that the rule finds, of which this one is the first
};

class FileMatcher {
 public:
    struct Settings {
        std::vector<std::string> folders;  ///< absolute; the files of the first ones come first
        bool follow_links = false;
        std::vector<MatchRule> rules;
        std::function<void(const Error&)> failed;  ///< a part of a folder was skipped
    };
    explicit FileMatcher(Settings settings) : settings_(std::move(settings)) {}

    /// The best file in the folders, which are read when this is first called. A file whose size or
    /// hash is not the wanted one is none. Of several, those come first that are in folders of the
    /// same names, as many as possible upwards from the file, then those called exactly the same,
    /// then the first one by path. Throws Error io or unsupported.
    [[nodiscard]] std::optional<FileMatch> find(const WantedFile& wanted);

 private:
    using File = FileIndex::File;
    void read_folders();
    [[nodiscard]] std::optional<FileMatch> search(const WantedFile& wanted);
    [[nodiscard]] std::vector<File> candidates(MatchRule rule, const WantedFile& wanted);
    [[nodiscard]] std::vector<File> of_size(std::uint64_t bytes);
    void read_contents(const std::string& manifest);
    [[nodiscard]] WantedFile with_content(const WantedFile& wanted) const;
    [[nodiscard]] bool has_content(File file, const WantedFile& wanted) const;
    [[nodiscard]] File best(const std::vector<File>& files, const WantedFile& wanted) const;

    Settings settings_;
    std::optional<FileIndex> index_;
    std::vector<std::uint64_t> sizes_;  // of all files, once they are needed
    // What manifests in the folders know of files, by name and by the paths they came from.
    std::unordered_map<std::string, CollectedFile> contents_;
    std::unordered_map<std::string, std::optional<FileMatch>> known_;
};

}  // namespace patchpipe
