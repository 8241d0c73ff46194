// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "job/parameter_settings.h"

#include <optional>

#include "base/json.h"
#include "base/number.h"
#include "base/words.h"

namespace patchpipe {
namespace {

[[noreturn]] void refuse(std::string_view key, const std::string& why) {
    throw Error(ErrorKind::bad_record, key, why);
}

// The value in the JSON text of a record's field.
ParameterValue value_in(const Record& field, std::string_view key, std::string_view parameter,
                        std::string_view field_of) {
    const auto raw = field.raw(key);
    if (raw && raw->starts_with('"')) return *field.text(key);
    const bool is_number = raw && raw->find_first_of("-0123456789") == 0;
    const auto number = is_number ? field.number(key) : std::nullopt;
    if (number && *number >= 0 && *number <= 1) return *number;
    // A value in Hz or dB, most likely.
    const auto as_text = number ? ", as \"" + std::string(*raw) + "\"" : "";
    refuse(field_of, in_quotes(parameter) +
                         ": the value must be a number, 0 to 1, or a text that the plug-in knows" +
                         as_text);
}

// An element of a list, as a record with one field.
Record as_record(std::string_view json) {
    Record record("{}");
    record.set_json("value", json);
    return record;
}

std::pair<double, ParameterValue> point_in(const std::string& json, std::string_view parameter) {
    const auto pair = json_elements(json);
    const auto wrong = [&] {
        refuse(automation_key, in_quotes(parameter) + ": a point must be [seconds, value], is " +
                                   printable(json.substr(0, 40)));
    };
    if (!pair || pair->size() != 2 || (*pair)[0].find_first_of("-0123456789") != 0) wrong();
    const auto seconds = parse_number((*pair)[0]);
    constexpr double longest = 86400;
    if (!seconds || *seconds < 0 || *seconds > longest) wrong();
    return {*seconds, value_in(as_record((*pair)[1]), "value", parameter, automation_key)};
}

Automation::Shape shape_in(const Record& lane, std::string_view parameter) {
    const auto shape = lane.text("shape").value_or("linear");
    if (shape == "linear") return Automation::Shape::linear;
    if (shape == "step") return Automation::Shape::step;
    refuse(automation_key,
           in_quotes(parameter) + ": shape must be linear or step, is " + in_quotes(shape));
}

AutomationSetting lane_in(const std::string& json) {
    if (!json.starts_with('{'))
        refuse(automation_key, "must be a list of objects with parameter and points");
    const Record lane(json);
    for (const auto& key : lane.keys())
        if (key != "parameter" && key != "points" && key != "shape")
            refuse(automation_key, "has a field " + in_quotes(key) +
                                       ", which is not one of parameter, points and shape");
    AutomationSetting setting;
    setting.parameter = lane.text("parameter").value_or("");
    if (setting.parameter.empty()) refuse(automation_key, "has an object without a parameter");
    setting.shape = shape_in(lane, setting.parameter);
    const auto points = json_elements(lane.raw("points").value_or(""));
    if (!points || points->empty())
        refuse(automation_key,
               in_quotes(setting.parameter) + ": points must be a list of [seconds, value]");
    for (const auto& point : *points) {
        setting.points.push_back(point_in(point, setting.parameter));
        const auto& all = setting.points;
        if (all.size() > 1 && all.back().first < all[all.size() - 2].first)
            refuse(automation_key,
                   in_quotes(setting.parameter) +
                       ": the points are not in order: " + json_number(all.back().first) +
                       " s comes after " + json_number(all[all.size() - 2].first) + " s");
    }
    return setting;
}

// Reads an object or a list in the field. An error of Record names what is wrong within it only.
template <typename Read>
void read_within(std::string_view key, const Read& read) try {
    read();
} catch (const Error& error) {
    const std::string_view what = error.what();
    const auto head = std::string(key) + ": ";
    refuse(key, std::string(what.starts_with(head) ? what.substr(head.size()) : what));
}

std::string value_json(const ParameterValue& value) {
    const auto* number = std::get_if<double>(&value);
    return number ? json_number(*number) : json_text(std::get<std::string>(value));
}

}  // namespace

std::string in_quotes(std::string_view text) {
    std::size_t most = 80;
    if (text.size() <= most) return "'" + printable(text) + "'";
    while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xc0) == 0x80) --most;
    return "'" + printable(text.substr(0, most)) + "...'";
}

std::vector<ParameterSetting> read_parameters(const Record& record) {
    const auto raw = record.raw(parameters_key);
    if (!raw) return {};
    if (!raw->starts_with('{')) refuse(parameters_key, "must be an object of values by name");
    const Record object(*raw);
    const auto keys = object.keys();
    constexpr std::size_t most = 10000;  // finding each takes as long as there are many
    if (keys.size() > most)
        refuse(parameters_key, "has " + std::to_string(keys.size()) + " entries; at most " +
                                   std::to_string(most) + " are possible");
    std::vector<ParameterSetting> settings;
    read_within(parameters_key, [&] {
        for (const auto& key : keys)
            settings.push_back({key, value_in(object, key, key, parameters_key)});
    });
    return settings;
}

std::vector<AutomationSetting> read_automation(const Record& record) {
    const auto raw = record.raw(automation_key);
    if (!raw) return {};
    const auto lanes = json_elements(*raw);
    if (!lanes)
        refuse(automation_key, raw->starts_with('[')
                                   ? "has a number that a double cannot hold"
                                   : "must be a list of objects with parameter and points");
    std::vector<AutomationSetting> settings;
    read_within(automation_key, [&] {
        for (const auto& lane : *lanes) settings.push_back(lane_in(lane));
    });
    return settings;
}

std::string parameters_json(const std::vector<ParameterSetting>& settings) {
    Record object("{}");
    for (const auto& [parameter, value] : settings) object.set_json(parameter, value_json(value));
    return object.line();
}

std::string automation_json(const std::vector<AutomationSetting>& settings) {
    std::string json;
    for (const auto& setting : settings) {
        std::string points;
        for (const auto& [seconds, value] : setting.points)
            points += (points.empty() ? "[" : ",[") + json_number(seconds) + "," +
                      value_json(value) + "]";
        Record lane("{}");
        lane.set("parameter", setting.parameter);
        lane.set_json("points", "[" + points + "]");
        lane.set("shape", setting.shape == Automation::Shape::step ? "step" : "linear");
        json += (json.empty() ? "" : ",") + lane.line();
    }
    return "[" + json + "]";
}

}  // namespace patchpipe
