// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Walks through the blocks of a REAPER file line by line. Blocks may be nested to any depth: the
// walk only counts them. Not here: what blocks mean (rpp_reader.h).
#pragma once

#include <functional>
#include <optional>
#include <string_view>

#include "song/line_source.h"
#include "song/rpp_text.h"

namespace patchpipe {

struct RppLine {
    SourceLine source;
    RppKind kind = RppKind::blank;

    [[nodiscard]] std::string_view text() const { return source.text; }
    [[nodiscard]] std::string_view tag() const { return rpp_tag(source.text); }
};

class RppWalk {
 public:
    explicit RppWalk(LineSource& source) : source_(source) {}

    /// The next line of the current block. An open line enters a block, whose lines come next.
    /// Nothing at the line that closes the block, and at the end of the file. Outside of all blocks
    /// a closing line is a plain one.
    std::optional<RppLine> next();

    /// Calls take with each line up to the end of the current block, and with how many blocks below
    /// it the line is: 0 for the block's own lines, and for lines that open a block in it; closing
    /// lines and those further below than deepest are left out. Stops when take returns false. Then
    /// the walk is where it was. With entered it looks to the end of a block that many levels above
    /// the current one, and counts from that.
    void look_ahead(std::size_t deepest,
                    const std::function<bool(std::size_t, const RppLine&)>& take,
                    std::size_t entered = 0);

    /// Calls use with the lines that are left of the current block, closing ones and its own
    /// included, and leaves it.
    void pass(const std::function<void(const RppLine&)>& use);

    /// The place of the next line, and back to such a place outside of all blocks.
    [[nodiscard]] LineSource::Place place() const { return source_.place(); }
    void start_at(const LineSource::Place& place);

    /// How many blocks are open.
    [[nodiscard]] std::size_t depth() const { return depth_; }
    /// The line that closed the last block; valid as long as that of next().
    [[nodiscard]] const RppLine& closing() const { return closing_; }
    /// True once next() has met the end of the file.
    [[nodiscard]] bool ended() const { return ended_; }

 private:
    LineSource& source_;
    RppLine closing_;  // the line that closed the last block
    std::size_t depth_ = 0;
    bool ended_ = false;
};

}  // namespace patchpipe
