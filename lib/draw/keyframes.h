// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A number that changes with time: linear between keyframes, and constant before the first and
// behind the last.
#pragma once

#include <string_view>
#include <utility>
#include <vector>

namespace patchpipe {

class Keyframes {
 public:
    Keyframes() = default;
    explicit Keyframes(double value) : points_{{0, value}} {}

    /// From JSON: a number, or an array of [TIME, VALUE] with times that do not go back; key is for
    /// messages. Throws Error bad-record.
    Keyframes(std::string_view json, std::string_view key);

    /// 0 without keyframes.
    [[nodiscard]] double at(double time) const;

 private:
    std::vector<std::pair<double, double>> points_;
};

}  // namespace patchpipe
