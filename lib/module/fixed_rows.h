// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A module whose rows all last equally long, and whose samples are files of the user's: each plays
// for its row, cut or repeated. The files are found as match-files(1) finds them, and mixed as
// song-mix(1) mixes items.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "audio/audio_format.h"
#include "match/file_matcher.h"
#include "record/record.h"
#include "song/song_model.h"

namespace patchpipe {

class FixedRows {
 public:
    /// Where samples may be: folders to look in; and write, which gets a record for every sample
    /// with the file that was found, and an error record for one without, which is then silent.
    FixedRows(std::vector<std::string> folders, std::function<void(const Record&)> write);
    FixedRows(const FixedRows&) = delete;
    FixedRows& operator=(const FixedRows&) = delete;

    /// The file of a sample that comes with the module, by its id: if no other is found.
    void set_own(const std::string& sample, const std::string& path) { own_[sample] = path; }

    /// Adds a line of the module's records, as song-read(1) gives them with items. Throws Error
    /// unsupported for more than a million of these.
    void add(std::string_view line);

    /// What is written: the mix, or a file for each channel in a folder, or both.
    struct Files {
        std::optional<std::string> mix, stems;
        AudioFormat format;
    };
    /// Mixes all of it, as long as the module's rows. Throws what mixing and writing throw.
    void write_files(const Files& files);

 private:
    void add_sample(Record sample);
    void add_item(Record item);
    [[nodiscard]] std::optional<std::string> find(Record& sample);

    FileMatcher matcher_;
    std::function<void(const Record&)> write_;
    SongModel song_;
    std::unordered_map<std::string, std::string> own_;
    std::unordered_map<std::string, Record> samples_;  // by id
    std::unordered_map<std::string, bool> found_;      // whether those that play are there
    std::size_t items_ = 0;
};

}  // namespace patchpipe
