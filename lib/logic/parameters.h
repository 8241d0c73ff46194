// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The parameters of a logic library and their values. They are the host's: copies, which stay when
// the library is unloaded, and which the next build takes over by their ids. Values are the
// library's own (-27 dB) where nothing else is said.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

extern "C" {
struct patchpipe_logic;
struct patchpipe_parameter;
}

namespace patchpipe {

class LogicParameter {
 public:
    explicit LogicParameter(const patchpipe_parameter& parameter);

    std::string id, name, unit;
    std::vector<std::string> choices;  ///< of its steps; may be empty
    double minimum, maximum, initial;
    std::uint32_t steps;  ///< 0: any value
    bool is_log;

    /// The value in the range, on one of the steps, that is nearest to this one.
    [[nodiscard]] double nearest(double value) const;

    /// Where a value stands from 0 to 1, in a straight line or by logarithms; and the nearest()
    /// value there. One that can be written with up to some 14 digits comes back as it was.
    [[nodiscard]] double normalised(double value) const;
    [[nodiscard]] double value_at(double normalised) const;

    /// "-27", "saw"; without the unit.
    [[nodiscard]] std::string text(double value) const;
    /// The value that such a text means, with the unit or without. Nothing for any other, and for
    /// one out of range.
    [[nodiscard]] std::optional<double> value_of(std::string_view text) const;

 private:
    [[nodiscard]] double rounding_at(double value) const;
};

/// What became of a parameter in the next build.
struct LogicParameterChange {
    enum class What {
        added,    ///< new: has its initial value
        removed,  ///< its value is lost
        range,    ///< other limits or steps; the value is the nearest in them
    };
    What what;
    std::string id;
    double before = 0, after = 0;  ///< values; of one that is added or removed, only one of them
};

class LogicParameters {
 public:
    /// With the initial values.
    explicit LogicParameters(const patchpipe_logic& logic);

    [[nodiscard]] std::size_t size() const { return parameters_.size(); }
    [[nodiscard]] const LogicParameter& operator[](std::size_t index) const {
        return parameters_.at(index);
    }
    [[nodiscard]] std::optional<std::size_t> find(std::string_view id) const;

    /// For the calls of the library.
    [[nodiscard]] std::span<const double> values() const { return values_; }
    /// The value must be in the parameter's range.
    void set(std::size_t index, double value) { values_.at(index) = value; }

    /// Takes the values of the build before. Returns what could not simply stay: in the order of
    /// this list, then what is removed, in that of the other.
    std::vector<LogicParameterChange> take_values(const LogicParameters& before);

 private:
    std::vector<LogicParameter> parameters_;
    std::map<std::string, std::size_t, std::less<>> places_;  // by id
    std::vector<double> values_;
};

}  // namespace patchpipe
