// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The source files below a folder (source_names.h), and whether their content changed: what a build
// begins from.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "watch/follow.h"

namespace patchpipe {

class SourceTree : public Followed {
 public:
    /// Files that it looks at, at most.
    static constexpr std::size_t most_files = 20000;

    explicit SourceTree(std::string folder) : folder_(std::move(folder)) {}

    /// Of the source files below the folder, without hidden ones. Reads only those that were
    /// written since the last call.
    [[nodiscard]] std::string hash() override;

    /// The same of these files only, whether they are still there or not.
    [[nodiscard]] std::string hash_of(const std::vector<std::string>& files);

    /// False if the last look found more files than most_files, of which it took only those.
    [[nodiscard]] bool is_whole() const { return is_whole_; }

    /// Those of the last look, in order.
    [[nodiscard]] std::vector<std::string> files() const override;

 private:
    struct File {
        std::filesystem::file_time_type looked_at, written;
        std::uintmax_t size;
        std::string hash;
    };

    void look();
    [[nodiscard]] std::string hash_of_found(const std::vector<std::string>& files) const;
    [[nodiscard]] File look_at(const std::filesystem::directory_entry& entry) const;

    std::string folder_;
    std::map<std::string, File> files_;
    bool is_whole_ = true;
};

}  // namespace patchpipe
