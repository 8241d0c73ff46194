// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "sampling/parameter_space.h"

#include <simdjson.h>
#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "base/json.h"

namespace patchpipe {
namespace {

using Parts = std::int64_t;

constexpr auto whole = static_cast<Parts>(ParameterSpace::parts);
constexpr std::int64_t most_steps = 100'000;  // a parameter with more is not a switch
constexpr std::string_view id_prefix = "id:", index_prefix = "#";

[[noreturn]] void refuse(std::string_view message) {
    throw Error(ErrorKind::bad_record, "parameters", message);
}

// A number of parts as a decimal from 0 to 1, without a floating-point number in between.
std::string decimal(std::uint64_t parts) {
    if (parts >= ParameterSpace::parts) return "1";
    if (parts == 0) return "0";
    auto digits = std::to_string(ParameterSpace::parts + parts).substr(1);
    digits.erase(digits.find_last_not_of('0') + 1);
    return "0." + digits;
}

Parts to_parts(double value, std::string_view name) {
    if (!(value >= 0 && value <= 1))
        refuse("'" + std::string(name) + "' must have a value from 0 to 1, has " +
               json_number(value));
    return std::llround(value * static_cast<double>(whole));
}

// The range within spread of value: its first point, and how many there are.
struct Range {
    std::uint64_t first, points;
};

Range range_around(Parts value, Parts spread) {
    const auto low = std::max<Parts>(0, value - spread), high = std::min(whole, value + spread);
    return {static_cast<std::uint64_t>(low), static_cast<std::uint64_t>(high - low + 1)};
}

// The steps, 0 to steps - 1, within spread of value, or the one nearest to it.
Range steps_around(Parts value, Parts spread, Parts steps) {
    const Parts gaps = steps - 1;
    const Parts nearest = (value * gaps + whole / 2) / whole;
    const Parts low = std::max<Parts>(0, (value - spread) * gaps + whole - 1) / whole;
    const Parts high = std::min(whole, value + spread) * gaps / whole;
    const Parts first = std::min(low, nearest), last = std::max(high, nearest);
    return {static_cast<std::uint64_t>(first), static_cast<std::uint64_t>(last - first + 1)};
}

simdjson::dom::element parse(simdjson::dom::parser& parser, std::string_view json) {
    simdjson::dom::element value;
    if (const auto error = parser.parse(json.data(), json.size()).get(value))
        refuse(std::string("cannot be read: ") + simdjson::error_message(error));
    return value;
}

std::string key_text(std::string_view key) { return json_text(key) + ":"; }

}  // namespace

// A parameter in plugin-probe's list.
struct ParameterSpace::Listed {
    explicit Listed(const Record& record, std::size_t place)
        : index(record.integer("index").value_or(static_cast<std::int64_t>(place))),
          id(record.text("id").value_or("")),
          name(record.text("name").value_or("")),
          value(to_parts(std::clamp(record.number("value").value_or(0), 0.0, 1.0), name)),
          is_automatable(record.flag("is_automatable").value_or(true)),
          is_bypass(record.flag("is_bypass").value_or(false)) {
        if (index < 0 || index > std::int64_t{UINT32_MAX}) refuse("has an index out of range");
        const auto given = record.integer("steps").value_or(0);
        if (record.flag("is_discrete").value_or(false) && given >= 1 && given <= most_steps)
            steps = given;
    }

    std::int64_t index;
    std::string id, name;
    Parts value;
    bool is_automatable, is_bypass;
    Parts steps = 0;
};

ParameterSpace::ParameterSpace(const Record& record, const SpaceSettings& settings) {
    const auto json = record.raw("parameters");
    if (!json)
        refuse(
            "is missing; take the record from plugin-probe --parameters, or from a job that has "
            "parameters");
    if (json->front() == '[')
        read_list(*json, settings);
    else if (json->front() == '{')
        read_object(*json, settings);
    else
        refuse("must be a list or an object");
    const auto varied = std::count_if(dimensions_.begin(), dimensions_.end(),
                                      [](const auto& one) { return one.fixed.empty(); });
    if (varied == 0)
        throw Error(ErrorKind::unsupported, "parameters",
                    "none is left to vary; change --only or --except");
}

void ParameterSpace::read_list(std::string_view json, const SpaceSettings& settings) {
    is_listed_ = true;
    simdjson::dom::parser parser;
    const simdjson::dom::array items = parse(parser, json).get_array().value();
    std::vector<Listed> listed;
    for (const auto item : items) {
        if (!item.is_object()) refuse("must be a list of objects");
        listed.emplace_back(Record(simdjson::minify(item)), listed.size());
    }
    if (listed.empty())
        throw Error(ErrorKind::unsupported, "parameters",
                    "is empty; the plug-in has no parameters to vary");
    std::map<std::string_view, int> names, ids;
    std::set<std::int64_t> indices;
    for (const auto& one : listed) {
        ++names[one.name];
        ++ids[one.id];
        if (!indices.insert(one.index).second) refuse("has an index twice");
    }
    const bool none_automatable = std::none_of(listed.begin(), listed.end(),
                                               [](const auto& one) { return one.is_automatable; });
    const auto left_out = [&](const Listed& one) {
        return !settings.all && (one.is_bypass || (!one.is_automatable && !none_automatable));
    };
    // A name that looks like an id or an index would be taken for one.
    const auto key_of = [&](const Listed& one) {
        const bool plain = !one.name.empty() && !one.name.starts_with(id_prefix) &&
                           !one.name.starts_with(index_prefix);
        if (plain && names[one.name] == 1) return one.name;
        if (!one.id.empty() && ids[one.id] == 1) return std::string(id_prefix) + one.id;
        return std::string(index_prefix) + std::to_string(one.index);
    };
    for (const auto& one : listed) {
        const auto key = key_of(one);
        if (left_out(one) || !settings.chosen(one.name, key)) continue;
        const bool near = settings.spread.has_value();
        const Parts spread = near ? to_parts(*settings.spread, "--near") : whole;
        const Range range = one.steps > 0 ? steps_around(one.value, spread, one.steps)
                            : near        ? range_around(one.value, spread)
                                          : Range{0, parts};
        dimensions_.push_back({.key = key_text(key),
                               .number = static_cast<std::uint32_t>(one.index),
                               .first = range.first,
                               .points = range.points,
                               .steps = static_cast<std::uint64_t>(one.steps)});
    }
}

void ParameterSpace::read_object(std::string_view json, const SpaceSettings& settings) {
    simdjson::dom::parser parser;
    const simdjson::dom::object members = parse(parser, json).get_object().value();
    if (members.size() == 0)
        throw Error(ErrorKind::unsupported, "parameters", "is empty; there is nothing to vary");
    std::set<std::string_view> keys;
    for (const auto [key, value] : members) {
        if (!keys.insert(key).second) refuse("has '" + std::string(key) + "' twice; give it once");
        if (!value.is_number() && !value.is_string())
            refuse("'" + std::string(key) + "' must be a number or a text");
        Dimension one{.key = key_text(key), .number = static_cast<std::uint32_t>(keys.size() - 1)};
        if (value.is_string() || !settings.chosen(key, key)) {
            one.fixed = simdjson::minify(value);
        } else {
            const Parts present = to_parts(value.get_double().value(), key);
            const Range range = settings.spread
                                    ? range_around(present, to_parts(*settings.spread, "--near"))
                                    : Range{0, parts};
            one.first = range.first;
            one.points = range.points;
        }
        dimensions_.push_back(std::move(one));
    }
}

std::string ParameterSpace::json(const Draws& draws, std::uint64_t job,
                                 std::uint32_t record) const {
    std::string text = "{";
    for (const auto& one : dimensions_) {
        if (text.size() > 1) text += ',';
        text += one.key;
        if (!one.fixed.empty()) {
            text += one.fixed;
            continue;
        }
        const auto point =
            one.first +
            draws.point({.job = job, .parameter = one.number, .record = record}, one.points);
        const auto gaps = one.steps > 1 ? one.steps - 1 : 1;
        text += decimal(one.steps > 0 ? (point * parts + gaps / 2) / gaps : point);
    }
    return text + "}";
}

}  // namespace patchpipe
