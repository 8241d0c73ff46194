// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The names of many files, to find those that are called like another one. Letter case and Unicode
// form do not count. Not here: which of the files found is meant (file_matcher.h).
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace patchpipe {

class FileIndex {
 public:
    /// A file is its number, in the order in which they were added. Each takes some 60 bytes of
    /// memory and twice the length of its name.
    using File = std::uint32_t;
    using Use = std::function<void(File)>;

    /// The path must be absolute and UTF-8. Throws Error unsupported for more files than a File
    /// can count.
    void add(const std::string& path);
    /// Call it once, behind the last add() and before the calls below.
    void sort();

    [[nodiscard]] std::size_t size() const { return files_.size(); }
    [[nodiscard]] std::string path(File file) const;
    [[nodiscard]] std::string_view name(File file) const { return &names_[files_[file].name]; }
    /// In folded_form().
    [[nodiscard]] std::string_view folded(File file) const { return &folded_[files_[file].folded]; }
    [[nodiscard]] const std::string& folder(File file) const {
        return folders_[files_[file].folder];
    }

    /// Calls use for each file whose folded name begins with the text, which is in folded form.
    void each_beginning(const std::string& text, const Use& use) const;
    /// The same for each file whose name contains it. Takes time proportional to all names: 10 ms
    /// for a million.
    void each_containing(const std::string& text, const Use& use) const;

 private:
    struct Entry {
        std::size_t name, folded;  // where they begin in names_ and folded_; they end in a NUL
        std::uint32_t folder;      // in folders_
    };

    std::string names_, folded_;
    std::vector<std::string> folders_;
    std::vector<Entry> files_;
    std::vector<File> order_;  // sorted by folded name, and those of one name by number
};

}  // namespace patchpipe
