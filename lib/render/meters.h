// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Values that a processor shows while it plays: levels, gain reductions.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace patchpipe {

struct MeterName {
    struct Range {
        double minimum, maximum;
    };

    std::string id, name, unit;
    std::optional<Range> range = {};  ///< where it is shown; its values may go beyond
};

class Meters {
 public:
    virtual ~Meters() = default;

    /// All of them, in the processor's order.
    [[nodiscard]] virtual std::vector<MeterName> meter_names() const = 0;
    /// What they showed last, in the same order; valid until the next block.
    [[nodiscard]] virtual std::span<const float> meter_values() const = 0;
};

}  // namespace patchpipe
