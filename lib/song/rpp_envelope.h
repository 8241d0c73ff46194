// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Reads an envelope of a REAPER file: automation of a track, send, take or effect. Only for
// lib/song. Not here: the tempo (rpp_project.h).
#pragma once

#include <string>
#include <string_view>

#include "song/rpp_reading.h"

namespace patchpipe {

/// Whose envelope it is; what does not apply is empty.
struct EnvelopeOwner {
    std::string id, track;
    std::string item = {}, fx = {}, send = {};
};

/// True for the tag of a block that read_envelope() reads.
[[nodiscard]] bool is_envelope(std::string_view tag);

/// The tag of an envelope with that target and stage; empty if there is none.
[[nodiscard]] std::string_view envelope_tag(std::string_view target, std::string_view stage,
                                            bool of_send);

/// The value in a record for that in a file, or the other way round: in REAPER's envelopes for a
/// pan 1 is left.
[[nodiscard]] double envelope_value(std::string_view target, double value);

/// The number of a point's shape by its name; nothing if there is none.
[[nodiscard]] std::optional<int> envelope_shape(std::string_view name);

/// A record has at most this many points; the next one goes on with the same id.
inline constexpr std::size_t most_points = 10'000;

/// Reads the block whose first line was just read.
void read_envelope(RppReading& reading, const RppLine& header, const EnvelopeOwner& owner);

}  // namespace patchpipe
