// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The parameters of a record that are to be varied, and their values as text. Not here: where in
// the space a job lies (draws.h).
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "record/record.h"
#include "sampling/draws.h"

namespace patchpipe {

struct SpaceSettings {
    /// Whether a parameter of that name, or of that key in the field parameters of a job, is
    /// varied.
    std::function<bool(std::string_view name, std::string_view key)> chosen;
    std::optional<double> spread;  ///< how far from its present value, 0 to 1; nothing: anywhere
    bool all = false;              ///< the bypass too, and those that a host must not automate
};

class ParameterSpace {
 public:
    /// Reads the field parameters: plugin-probe's list, or an object of names and values as jobs
    /// have it. Throws Error bad-record if there is none or if it is damaged, and unsupported if
    /// nothing in it can be varied.
    ParameterSpace(const Record& record, const SpaceSettings& settings);

    /// The field parameters of a job, as JSON: of a list the parameters that are varied; of an
    /// object all, where those that are not varied keep their values.
    [[nodiscard]] std::string json(const Draws& draws, std::uint64_t job,
                                   std::uint32_t record) const;

    /// True if it was read from plugin-probe's list.
    [[nodiscard]] bool is_listed() const { return is_listed_; }

    /// The values are multiples of one part of so many.
    static constexpr std::uint64_t parts = 10'000'000;

 private:
    struct Listed;
    struct Dimension {
        std::string key;                      // JSON, with the colon behind it
        std::uint32_t number = 0;             // of the parameter in the plug-in
        std::string fixed = {};               // JSON, if it is not varied
        std::uint64_t first = 0, points = 0;  // in parts, or of the steps
        std::uint64_t steps = 0;              // 0: any part
    };

    void read_list(std::string_view json, const SpaceSettings& settings);
    void read_object(std::string_view json, const SpaceSettings& settings);

    bool is_listed_ = false;
    std::vector<Dimension> dimensions_;
};

}  // namespace patchpipe
