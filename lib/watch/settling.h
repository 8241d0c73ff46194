// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// When files that were written anew have come to rest: their content differs from what was taken
// last, and has stayed the same for a while. Only contents count: a touched file is no change, an
// older one that was put back is. Knows neither files nor clocks: it is told what was seen, and
// when.
#pragma once

#include <string>
#include <utility>

#include "base/real_time.h"

namespace patchpipe {

/// How long a content has to stay the same. A linker that pauses for longer gives a file that is
/// refused, and then the whole one.
inline constexpr std::chrono::milliseconds usual_rest{20};

class Settling {
 public:
    using Time = RealClock::time_point;

    /// taken: the hash of the content that is in use.
    explicit Settling(std::string taken, RealClock::duration rest = usual_rest)
        : taken_(std::move(taken)), rest_(rest) {}

    /// The content has this hash now; empty if it cannot be read, as while it is replaced. True if
    /// it has come to rest: it counts as taken from then on.
    [[nodiscard]] bool see(const std::string& hash, Time now);

    /// The content with this hash is in use, however that came.
    void take(std::string hash);

    /// True while a change has not come to rest: look again before rest() is over.
    [[nodiscard]] bool moves() const { return !seen_.empty(); }
    [[nodiscard]] RealClock::duration rest() const { return rest_; }

 private:
    std::string taken_, seen_;
    RealClock::duration rest_;
    Time since_{};
};

}  // namespace patchpipe
