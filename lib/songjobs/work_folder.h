// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The folder in which the jobs of a song have their files. A file keeps its time as long as its
// bytes stay the same, so that only what changed is rendered again.
#pragma once

#include <string>
#include <string_view>

namespace patchpipe {

class WorkFolder {
 public:
    /// An absolute path.
    explicit WorkFolder(std::string path) : path_(std::move(path)) {}

    [[nodiscard]] const std::string& path() const { return path_; }

    /// The file of the track or take with that id: "FOLDER/stems/t1.wav". Ids that are no plain
    /// names have their hash there.
    [[nodiscard]] std::string file(std::string_view folder, const std::string& id,
                                   std::string_view suffix) const;

    /// Writes the file unless it has these bytes already. Throws Error io.
    static void keep(const std::string& file, std::string_view bytes);

 private:
    std::string path_;
};

}  // namespace patchpipe
