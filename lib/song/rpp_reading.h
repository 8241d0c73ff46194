// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the parts of the reader share. Only for lib/song. Not here: what each kind of block is
// (rpp_project.h, rpp_track.h and so on).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "record/record_line.h"
#include "song/rpp_reader.h"
#include "song/rpp_walk.h"
#include "song/tempo_map.h"

namespace patchpipe {

struct RppReading {
    RppWalk walk;
    const SongReadOptions& options;
    const WriteLine& write;
    std::string path;  // of the file, for messages
    TempoMap tempo = TempoMap();
    std::string prefix = {};  // of ids, "r2." in the second project of a file
    std::size_t tracks = 0;   // of this project, so far

    /// Whether more is wanted of what has that id than its own record.
    [[nodiscard]] bool has_details(const std::string& id) const {
        return !options.has_details || options.has_details(id);
    }
    /// Writes the line as a raw record.
    void raw(const RppLine& line, std::string_view parent) const;
    /// The same for a line that opens a block, and for all lines of the block.
    void raw_block(const RppLine& line, std::string_view parent);
    /// Splits the line into fields, and complains if a quote is not closed.
    bool split(RppFields& fields, const RppLine& line) const;
    /// Writes an error record about a line.
    void complain(std::int64_t line, std::string_view message) const;
    /// Adds the time with its beat.
    void put_time(RecordLine& record, double time) const;
};

/// Adds a line of a block of text, as <NAME, to what is there: "|" and the text. What is before the
/// "|" says how the line above ended, "c" that this one continues it. Other lines are left out.
void add_text_line(std::optional<std::string>& text, const RppLine& line);

}  // namespace patchpipe
