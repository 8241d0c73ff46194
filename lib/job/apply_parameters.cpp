// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "job/apply_parameters.h"

#include <algorithm>
#include <set>
#include <string_view>

#include "base/closest.h"
#include "base/error.h"
#include "base/number.h"
#include "base/words.h"
#include "midi/time_map.h"
#include "render/patch.h"

namespace patchpipe {
namespace {

// Finds a processor's parameters by what the fields call them.
class ParameterFinder {
 public:
    // key is the record's field.
    ParameterFinder(Processor& processor, std::string_view key) : processor_(processor), key_(key) {
        if (auto* patch = processor.patch()) names_ = patch->parameter_names();
        for (auto& [id, name] : names_) {  // plug-ins give bytes of any encoding
            id = readable(id);
            name = readable(name);
        }
    }

    [[nodiscard]] std::size_t index_of(const std::string& wanted) const {
        std::vector<std::size_t> found;
        for (std::size_t i = 0; i < names_.size(); ++i)
            if (names_[i].name == wanted) found.push_back(i);
        if (found.size() == 1) return found.front();
        if (found.size() > 1) refuse_ambiguous(wanted, found);
        if (wanted.starts_with("#")) return by_index(wanted);
        if (wanted.starts_with("id:")) return by_id(wanted.substr(3));
        if (wanted.starts_with("/")) return by_id(wanted);  // an address, as Faust has them
        std::vector<std::string> all;
        for (const auto& name : names_) all.push_back(name.name);
        refuse_unknown("has no parameter " + quoted(wanted) + closest_words(all, wanted));
    }

    [[nodiscard]] double value_of(std::size_t index, const ParameterValue& value) const {
        if (const auto* number = std::get_if<double>(&value)) return *number;
        const auto& text = std::get<std::string>(value);
        auto& patch = *processor_.patch();
        const auto shown = patch.parameter(index);
        const auto converted = patch.parameter_value(index, text);
        patch.set_parameter(index, shown.value);
        if (converted) return std::clamp(*converted, 0.0, 1.0);
        refuse_unknown("knows no value " + quoted(text) + " of " + quoted(shown.name) +
                       ", which it shows as " + quoted(shown.text) +
                       "; give a text of that form, or a number, 0 to 1");
    }

 private:
    [[nodiscard]] std::size_t by_index(const std::string& wanted) const {
        const auto index = parse_whole<std::size_t>(wanted.substr(1));
        if (index && *index < names_.size()) return *index;
        refuse_unknown("has no parameter " + quoted(wanted) + ": it has " +
                       std::to_string(names_.size()) + ", counted from 0");
    }

    [[nodiscard]] std::size_t by_id(const std::string& id) const {
        std::vector<std::string> all;
        for (std::size_t i = 0; i < names_.size(); ++i) {
            if (names_[i].id == id) return i;
            all.push_back(names_[i].id);
        }
        refuse_unknown("has no parameter with the id " + quoted(id) + closest_words(all, id));
    }

    [[noreturn]] void refuse_ambiguous(const std::string& wanted,
                                       const std::vector<std::size_t>& found) const {
        std::vector<std::string> ids;
        for (const auto index : found) ids.push_back("id:" + printable(names_[index].id));
        constexpr std::size_t most = 8;
        if (ids.size() > most) ids.resize(most);
        refuse_unknown("has " + std::to_string(found.size()) + " parameters " + quoted(wanted) +
                       "; name one of them: " + joined(ids, ", ", " or "));
    }

    [[noreturn]] void refuse_unknown(const std::string& why) const {
        throw Error(ErrorKind::bad_record, key_, processor_.info().name + " " + why);
    }

    Processor& processor_;
    std::string_view key_;
    std::vector<ParameterName> names_;
};

}  // namespace

void set_parameters(Processor& processor, const std::vector<ParameterSetting>& parameters) {
    if (parameters.empty()) return;
    const ParameterFinder finder(processor, parameters_key);
    std::set<std::size_t> seen;
    for (const auto& [name, value] : parameters) {
        const auto index = finder.index_of(name);
        if (!seen.insert(index).second)
            throw Error(ErrorKind::bad_record, parameters_key,
                        quoted(name) + " is a parameter that another name sets too");
        processor.patch()->set_parameter(index, finder.value_of(index, value));
    }
    processor.settle();
}

std::string taken_json(Processor& processor, const std::vector<ParameterSetting>& parameters) {
    const ParameterFinder finder(processor, parameters_key);
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
    const ParameterFinder finder(processor, automation_key);
    std::set<std::size_t> seen;
    std::vector<Automation> automation;
    for (const auto& setting : settings) {
        const auto index = finder.index_of(setting.parameter);
        if (!seen.insert(index).second)
            throw Error(ErrorKind::bad_record, automation_key,
                        quoted(setting.parameter) + " is given twice");
        Automation lane{.parameter = index, .points = {}, .shape = setting.shape};
        for (const auto& [seconds, value] : setting.points)
            lane.points.push_back({frame_at(seconds, sample_rate), finder.value_of(index, value)});
        automation.push_back(std::move(lane));
    }
    return automation;
}

}  // namespace patchpipe
