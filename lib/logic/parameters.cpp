// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "logic/parameters.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/decimal.h"
#include "base/json.h"
#include "base/number.h"
#include "logic/logic.h"

namespace patchpipe {
namespace {

std::vector<std::string> choices_of(const patchpipe_parameter& parameter) {
    if (!parameter.choices) return {};
    return {parameter.choices, parameter.choices + parameter.steps};
}

// The same limits, and the same values between them.
bool same_range(const LogicParameter& one, const LogicParameter& other) {
    return one.minimum == other.minimum && one.maximum == other.maximum && one.steps == other.steps;
}

}  // namespace

LogicParameter::LogicParameter(const patchpipe_parameter& parameter)
    : id(parameter.id),
      name(parameter.name),
      unit(parameter.unit ? parameter.unit : ""),
      choices(choices_of(parameter)),
      minimum(parameter.minimum),
      maximum(parameter.maximum),
      initial(parameter.initial),
      steps(parameter.steps),
      is_log(parameter.scale == PATCHPIPE_SCALE_LOG) {}

double LogicParameter::normalised(double value) const {
    const double place = is_log ? std::log(value / minimum) / std::log(maximum / minimum)
                                : (value - minimum) / (maximum - minimum);
    return std::clamp(place, 0.0, 1.0);
}

double LogicParameter::nearest(double value) const {
    if (steps > 1) {
        const double step = (maximum - minimum) / (steps - 1);
        value = minimum + std::round((value - minimum) / step) * step;
    }
    return std::clamp(value, minimum, maximum);
}

// How far from a value, at most, is what comes back from where it stands.
double LogicParameter::rounding_at(double value) const {
    constexpr double rounding = std::numeric_limits<double>::epsilon();
    if (is_log) return 3 * rounding * value * (1 + std::log(maximum / minimum));
    return 1.5 * rounding * std::abs(value - minimum) + rounding * std::abs(value);
}

double LogicParameter::value_at(double normalised) const {
    const double place = std::clamp(normalised, 0.0, 1.0);
    if (place == 1) return maximum;  // exactly
    const double value = nearest(is_log ? minimum * std::pow(maximum / minimum, place)
                                        : minimum + place * (maximum - minimum));
    return std::clamp(decimal_near(value, rounding_at(value)), minimum, maximum);
}

std::string LogicParameter::text(double value) const {
    if (choices.empty()) return json_number(value);
    const auto step = std::round((value - minimum) / (maximum - minimum) * (steps - 1));
    return choices.at(static_cast<std::size_t>(step));
}

std::optional<double> LogicParameter::value_of(std::string_view text) const {
    for (std::size_t i = 0; i < choices.size(); ++i)
        if (choices[i] == text)
            return minimum + (maximum - minimum) * static_cast<double>(i) / (steps - 1);
    if (!unit.empty() && text.ends_with(unit)) text.remove_suffix(unit.size());
    while (text.ends_with(' ')) text.remove_suffix(1);
    const auto number = parse_number(text);
    if (!number || !(*number >= minimum && *number <= maximum)) return {};
    return number;
}

LogicParameters::LogicParameters(const patchpipe_logic& logic) {
    for (std::uint32_t i = 0; i < logic.parameter_count; ++i) {
        parameters_.emplace_back(logic.parameters[i]);
        values_.push_back(parameters_.back().initial);
        places_.emplace(parameters_.back().id, i);
    }
}

std::optional<std::size_t> LogicParameters::find(std::string_view id) const {
    const auto found = places_.find(id);
    if (found == places_.end()) return {};
    return found->second;
}

std::vector<LogicParameterChange> LogicParameters::take_values(const LogicParameters& before) {
    using What = LogicParameterChange::What;
    std::vector<LogicParameterChange> changes;
    for (std::size_t i = 0; i < size(); ++i) {
        const auto& now = parameters_[i];
        const auto old = before.find(now.id);
        if (!old) {
            changes.push_back({.what = What::added, .id = now.id, .after = values_[i]});
            continue;
        }
        const double value = before.values_[*old];
        const bool same = same_range(now, before[*old]);
        values_[i] = same ? value : now.nearest(value);
        if (!same)
            changes.push_back(
                {.what = What::range, .id = now.id, .before = value, .after = values_[i]});
    }
    for (std::size_t i = 0; i < before.size(); ++i)
        if (!find(before[i].id))
            changes.push_back(
                {.what = What::removed, .id = before[i].id, .before = before.values_[i]});
    return changes;
}

}  // namespace patchpipe
