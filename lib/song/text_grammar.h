// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The grammar of text modules, which patchpipe-formats(5) describes. Not here: their records
// (text_module.h).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "record/record.h"
#include "song/raw_lines.h"

namespace patchpipe {

struct TextModule {
    struct Sample {
        std::string name, path;  ///< a path may be missing
        Record meta{"{}"};       ///< what else its declaration says, as texts
    };
    struct Cell {
        std::size_t channel, sample;  ///< from 0
    };
    using Row = std::vector<Cell>;

    std::string title = "Untitled";
    std::vector<Sample> samples;  ///< as they are declared or first played
    std::vector<std::vector<Row>> patterns;
    std::vector<std::size_t> order;
    std::size_t channels = 1;           ///< 32 at most
    std::vector<std::string> warnings;  ///< what does not play
};

/// True if the first line that is neither empty nor a comment is one of such a module.
[[nodiscard]] bool is_text_module(std::string_view head);

/// Takes the text apart. path is for messages. Calls write with an error record for each line that
/// is wrong, which is left out.
[[nodiscard]] TextModule parse_text_module(std::string_view text, const std::string& path,
                                           const WriteLine& write);

}  // namespace patchpipe
