// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A record's fields parameters and automation: what they say. The fields name parameters in one of
// three ways: by name, "id:ID", or "#INDEX", counted from 0.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "record/record.h"
#include "render/automation.h"

namespace patchpipe {

/// The fields.
inline constexpr std::string_view parameters_key = "parameters", automation_key = "automation";

/// A normalised number, 0 to 1, or a text that the plug-in converts.
using ParameterValue = std::variant<double, std::string>;

struct ParameterSetting {
    std::string parameter;
    ParameterValue value;
};

struct AutomationSetting {
    std::string parameter;
    std::vector<std::pair<double, ParameterValue>> points;  ///< seconds, value; in order
    Automation::Shape shape;
};

/// A name or a value for a message: printable, in single quotes, and cut if it is long.
[[nodiscard]] std::string in_quotes(std::string_view text);

/// Throws Error bad-record unless the field is absent or an object of numbers, 0 to 1, and texts.
[[nodiscard]] std::vector<ParameterSetting> read_parameters(const Record& record);

/// Throws Error bad-record unless the field is absent or a list of objects with parameter, points
/// ([seconds, value] in order) and perhaps shape ("linear", "step").
[[nodiscard]] std::vector<AutomationSetting> read_automation(const Record& record);

/// The settings as their fields would have them, always written alike.
[[nodiscard]] std::string parameters_json(const std::vector<ParameterSetting>& settings);
[[nodiscard]] std::string automation_json(const std::vector<AutomationSetting>& settings);

}  // namespace patchpipe
