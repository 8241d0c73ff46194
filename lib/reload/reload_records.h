// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What happens to the builds of a plug-in while they play, as records of play-one(1).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/error.h"
#include "record/record.h"
#include "reload/generation.h"

namespace patchpipe {

/// A place in the playing: the fields frame, and time in seconds.
struct PlayPosition {
    std::int64_t frame;
    int sample_rate;

    void set_in(Record& record) const;
};

/// It was opened, which took so long.
[[nodiscard]] Record loaded_record(const Generation& generation, double load_ms);

/// It cannot be opened, or not follow.
[[nodiscard]] Record rejected_record(int generation, const std::string& plugin_path,
                                     const Error& error);

struct Reload {
    const Generation& generation;
    PlayPosition position;
    int fade_frames;
    int later_frames;  ///< than those before it
    std::size_t notes, messages;
    Record taken;  ///< Generation::take_over()
};

/// "reloaded", and "state" and "reset" where the state was not taken.
[[nodiscard]] std::vector<Record> reloaded_records(const Reload& reload);

/// One crashed or hung; `kept` is the number of the one that plays on, 0 if there is none.
[[nodiscard]] Record failed_record(int failed, int kept, const Error& error);

/// An event at a place, to be completed.
[[nodiscard]] Record positioned_record(std::string_view event, PlayPosition position);

}  // namespace patchpipe
