// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Reads a chain of effects of a REAPER file. Only for lib/song. Not here: a plug-in's block
// (rpp_plugin.h).
#pragma once

#include <string>

#include "song/rpp_reading.h"

namespace patchpipe {

/// Whose chain it is: the first effect has the id with ".f1" behind it.
struct ChainOwner {
    std::string id, track;
    std::string item = {};       ///< the take, if it is that of one
    std::string container = {};  ///< the container that it is in
    bool input = false;          ///< a track's input effects
    std::size_t depth = 0;       ///< of containers
};

/// Reads the chain that was just entered, to its end or the end of the file.
void read_chain(RppReading& reading, const ChainOwner& owner);

/// True if the tag is that of a line that begins a file with nothing but a chain.
[[nodiscard]] bool is_chain_line(std::string_view tag);

}  // namespace patchpipe
