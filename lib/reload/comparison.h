// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Two builds that play the same beside each other, of which one is heard, or the difference. From
// one choice to the next the gains go in a straight line, since the two are alike.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "record/record.h"

namespace patchpipe {

enum class Listening { to_new, to_old, to_difference };

/// In place of a parameter's index in an event: the choice of what is heard, whose value is one of
/// these.
inline constexpr std::uint32_t listening_parameter = 0xffffffff;

/// "new", "old" or "difference"; nothing for any other.
[[nodiscard]] std::optional<Listening> listening_named(std::string_view name);
[[nodiscard]] std::string_view to_string(Listening listening);

class Comparison {
 public:
    explicit Comparison(int fade_frames) : fade_frames_(fade_frames) {}

    void listen(Listening to);

    /// Makes of the new build's channels what is to be heard.
    void mix(std::vector<std::vector<float>>& now, const float* const* old, int frames);

    /// The levels since the last call: new_db, old_db, difference_db, null for silence.
    [[nodiscard]] Record take_levels();

 private:
    struct Gains {
        double now, old;
    };
    [[nodiscard]] static Gains gains_of(Listening listening);

    int fade_frames_, left_ = 0;  // of the way from the one to the other
    Gains from_{1, 0}, to_{1, 0};
    double now_ = 0, old_ = 0, difference_ = 0;  // sums of squares
    std::size_t samples_ = 0;
};

}  // namespace patchpipe
