// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Gives a processor the parameters and the automation that a job wants, by the names that its
// record has for them (parameter_settings.h).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "job/parameter_settings.h"
#include "render/automation.h"
#include "render/processor.h"

namespace patchpipe {

/// The normalised value of the parameter with that index: a number as it is, a text by the
/// plug-in's own conversion. key is the record's field, for messages. Throws Error bad-record for a
/// text that the plug-in does not know.
[[nodiscard]] double normalised_value(Processor& processor, std::size_t index,
                                      const ParameterValue& value, std::string_view key);

/// Sets the parameters of the processor, and calls its settle(). Throws Error
/// bad-record for one that it has not, has twice, or does not take.
void set_parameters(Processor& processor, const std::vector<ParameterSetting>& parameters);

/// What these parameters are now: an object of {"value":0.5,"text":"440 Hz"} by the names that the
/// settings have.
[[nodiscard]] std::string taken_json(Processor& processor,
                                     const std::vector<ParameterSetting>& parameters);

/// The automation of a processor, in frames. Throws as set_parameters() does.
[[nodiscard]] std::vector<Automation> automation_of(Processor& processor,
                                                    const std::vector<AutomationSetting>& settings,
                                                    int sample_rate);

}  // namespace patchpipe
