// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "job/apply_parameters.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

#include "base/error.h"
#include "base/words.h"
#include "job/parameter_finder.h"
#include "midi/time_map.h"
#include "render/patch.h"

namespace patchpipe {
namespace {

ParameterFinder finder_in(Processor& processor, std::string_view key) {
    std::vector<ParameterName> names;
    if (auto* patch = processor.patch()) names = patch->parameter_names();
    return {std::move(names), processor.info().name, std::string(key)};
}

}  // namespace

double normalised_value(Processor& processor, std::size_t index, const ParameterValue& value,
                        std::string_view key) {
    if (const auto* number = std::get_if<double>(&value)) return *number;
    const auto& text = std::get<std::string>(value);
    auto& patch = *processor.patch();
    const auto shown = patch.parameter(index);
    const auto converted = patch.parameter_value(index, text);
    patch.set_parameter(index, shown.value);
    if (converted) return std::clamp(*converted, 0.0, 1.0);
    throw Error(ErrorKind::bad_record, key,
                processor.info().name + " knows no value " + in_quotes(text) + " of " +
                    in_quotes(readable(shown.name)) + ", which it shows as " +
                    in_quotes(readable(shown.text)) +
                    "; give a text of that form, or a number, 0 to 1");
}

void set_parameters(Processor& processor, const std::vector<ParameterSetting>& parameters) {
    if (parameters.empty()) return;
    const auto finder = finder_in(processor, parameters_key);
    std::set<std::size_t> seen;
    for (const auto& [name, value] : parameters) {
        const auto index = finder.index_of(name);
        if (!seen.insert(index).second)
            throw Error(ErrorKind::bad_record, parameters_key,
                        in_quotes(name) + " is a parameter that another name sets too");
        processor.patch()->set_parameter(index,
                                         normalised_value(processor, index, value, parameters_key));
    }
    processor.settle();
}

std::string taken_json(Processor& processor, const std::vector<ParameterSetting>& parameters) {
    const auto finder = finder_in(processor, parameters_key);
    Record taken("{}");
    for (const auto& setting : parameters) {
        const auto shown = processor.patch()->parameter(finder.index_of(setting.parameter));
        Record fields("{}");
        fields.set("value", shown.value);
        fields.set("text", readable(shown.text));
        taken.set_json(setting.parameter, fields.line());
    }
    return taken.line();
}

std::vector<Automation> automation_of(Processor& processor,
                                      const std::vector<AutomationSetting>& settings,
                                      int sample_rate) {
    if (settings.empty()) return {};
    const auto finder = finder_in(processor, automation_key);
    std::set<std::size_t> seen;
    std::vector<Automation> automation;
    for (const auto& setting : settings) {
        const auto index = finder.index_of(setting.parameter);
        if (!seen.insert(index).second)
            throw Error(ErrorKind::bad_record, automation_key,
                        in_quotes(setting.parameter) + " is given twice");
        Automation lane{.parameter = index, .points = {}, .shape = setting.shape};
        for (const auto& [seconds, value] : setting.points)
            lane.points.push_back({frame_at(seconds, sample_rate),
                                   normalised_value(processor, index, value, automation_key)});
        automation.push_back(std::move(lane));
    }
    return automation;
}

}  // namespace patchpipe
