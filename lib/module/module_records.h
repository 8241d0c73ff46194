// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A module as song records: what it is, and its rows, or the notes of its channels.
// patchpipe-song(5) is about the records.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "module/module_notes.h"
#include "module/playing_pass.h"
#include "song/raw_lines.h"

namespace patchpipe {

/// The id of a voice in records: "i3", or "s3" in a module without instruments. "" for none.
[[nodiscard]] std::string voice_id(const ModuleInfo& info, int voice);

class ModuleRecords {
 public:
    /// path is what the song record has. subsong counts from 0.
    ModuleRecords(const ModuleFile& module, const PlayedModule& played, const WriteLine& write)
        : module_(module), played_(played), write_(write) {}

    void write_song(const std::string& path, int subsong) const;
    /// A quarter note is four rows, so that the tempo changes with the length of rows.
    void write_tempos() const;
    /// The instruments and samples; paths has the files of voices, or "" for one without, and may
    /// be empty.
    void write_samples(const std::vector<std::string>& paths) const;
    void write_rows() const;
    void write_track(int channel, const ChannelNotes& notes) const;
    /// The notes that can be heard as items: paths as above, or else the names of samples. With
    /// whole_rows a sample is repeated until its item ends, and keeps its pitch.
    void write_items(int channel, const ChannelNotes& notes, const std::vector<std::string>& paths,
                     bool whole_rows) const;

 private:
    struct Line;
    /// in_middle: what plays on it has the same left and right.
    void write_track_record(int channel, std::string_view kind, bool in_middle) const;
    void write_gains(const std::string& item, const ModuleNote& note,
                     const ChannelNotes& found) const;
    [[nodiscard]] double beat_at(std::int64_t frame) const;
    [[nodiscard]] std::string cells_of(const PlayedRow& row) const;
    [[nodiscard]] std::string note_line(int channel, const ModuleNote& note) const;
    [[nodiscard]] std::string control_line(int channel, std::int64_t frame, std::string_view kind,
                                           int number, int value) const;

    const ModuleFile& module_;
    const PlayedModule& played_;
    const WriteLine& write_;
};

}  // namespace patchpipe
