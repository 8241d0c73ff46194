// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "render/hand_over.h"

#include <algorithm>
#include <map>
#include <utility>

#include "base/base64.h"
#include "base/words.h"

namespace patchpipe {
namespace {

using What = HandedParameter::What;

Record record_of(const Parameter& parameter) {
    Record fields("{}");
    fields.set("id", to_base64(parameter.id));  // in any encoding
    fields.set("value", parameter.value);
    if (parameter.steps) fields.set("steps", *parameter.steps);
    if (parameter.own) {
        fields.set("minimum", parameter.own->minimum);
        fields.set("maximum", parameter.own->maximum);
        fields.set("own", parameter.own->value);
    }
    return fields;
}

Parameter parameter_of(const Record& fields) {
    Parameter parameter;
    parameter.id = from_base64(fields.text("id").value_or("")).value_or("");
    parameter.value = std::clamp(fields.number("value").value_or(0), 0.0, 1.0);
    if (const auto steps = fields.integer("steps")) parameter.steps = static_cast<int>(*steps);
    const auto minimum = fields.number("minimum"), maximum = fields.number("maximum"),
               own = fields.number("own");
    if (minimum && maximum && own)
        parameter.own = {.minimum = *minimum, .maximum = *maximum, .value = *own};
    return parameter;
}

std::vector<Parameter> parameters_in(const Record& fields, std::string_view key) {
    const auto all = json_elements(fields.raw(key).value_or("[]"));
    if (!all) refuse_corrupt("the sound to take over", "has no list of " + std::string(key));
    std::vector<Parameter> parameters;
    for (const auto& one : *all) parameters.push_back(parameter_of(Record(one)));
    return parameters;
}

double shown(const Parameter& parameter) {
    return parameter.own ? parameter.own->value : parameter.value;
}

// The same limits, and the same values between them.
bool same_range(const Parameter& one, const Parameter& other) {
    if (one.steps != other.steps || one.own.has_value() != other.own.has_value()) return false;
    return !one.own ||
           (one.own->minimum == other.own->minimum && one.own->maximum == other.own->maximum);
}

const Parameter* find(const std::vector<Parameter>& parameters, const std::string& id) {
    const auto found = std::find_if(parameters.begin(), parameters.end(),
                                    [&](const auto& one) { return one.id == id; });
    return found == parameters.end() ? nullptr : &*found;
}

// The value is out of the other one's range, and the other one is still at the end next to it.
bool is_kept_out(const Parameter& wanted, const Parameter& now) {
    if (!wanted.own || !now.own) return false;
    const auto& own = *now.own;
    return wanted.own->value < own.minimum   ? own.value == own.minimum
           : wanted.own->value > own.maximum ? own.value == own.maximum
                                             : false;
}

// The value of the build before, or the nearest to it.
void set(Patch& patch, std::size_t index, const Parameter& now, const Parameter& before) {
    if (now.own && before.own)
        return patch.set_own_value(
            index, std::clamp(before.own->value, now.own->minimum, now.own->maximum));
    if (now.value != before.value) patch.set_parameter(index, before.value);
}

std::vector<HandedParameter> take_parameters(Patch& patch, const HandOver& from) {
    const auto& given = from.parameters;
    std::map<std::string_view, const Parameter*> left, earlier;
    for (const auto& parameter : given) left.emplace(parameter.id, &parameter);
    for (const auto& parameter : from.earlier) earlier.emplace(parameter.id, &parameter);
    std::vector<HandedParameter> changes;
    const auto count = patch.parameter_names().size();
    for (std::size_t i = 0; i < count; ++i) {
        const auto now = patch.parameter(i);
        const auto found = left.find(now.id);
        const auto kept = earlier.find(now.id);
        if (kept != earlier.end()) set(patch, i, now, *kept->second);
        if (found == left.end()) {
            changes.push_back(
                {.what = What::added, .id = now.id, .after = shown(patch.parameter(i))});
            continue;
        }
        const auto& before = *found->second;
        if (kept == earlier.end()) set(patch, i, now, before);
        left.erase(found);
        if (same_range(now, before)) continue;
        changes.push_back({.what = What::range,
                           .id = now.id,
                           .before = shown(before),
                           .after = shown(patch.parameter(i))});
    }
    for (const auto& parameter : given)
        if (const auto found = left.find(parameter.id);
            found != left.end() && found->second == &parameter)
            changes.push_back(
                {.what = What::removed, .id = parameter.id, .before = shown(parameter)});
    return changes;
}

// The reason if the state is refused.
std::optional<std::string> load_state(Patch& patch, const std::string& state) try {
    patch.load_carried_state(state);
    return {};
} catch (const Error& error) {
    return error.what();
}

std::string_view name_of(What what) {
    switch (what) {
        case What::added:
            return "added";
        case What::removed:
            return "removed";
        case What::range:
            return "range";
    }
    return "";
}

}  // namespace

std::string HandOver::bytes() const {
    std::vector<std::string> all;
    for (const auto& parameter : parameters) all.push_back(record_of(parameter).line());
    Record fields("{}");
    fields.set_json("parameters", "[" + joined(all, ",") + "]");
    all.clear();
    for (const auto& parameter : earlier) all.push_back(record_of(parameter).line());
    if (!all.empty()) fields.set_json("earlier", "[" + joined(all, ",") + "]");
    if (state) fields.set("state", to_base64(*state));
    if (state_failure) fields.set("state_failure", readable(*state_failure));
    return fields.line();
}

HandOver HandOver::of_bytes(std::string_view bytes) try {
    const Record fields(bytes);
    HandOver from;
    from.parameters = parameters_in(fields, "parameters");
    from.earlier = parameters_in(fields, "earlier");
    from.state_failure = fields.text("state_failure");
    if (const auto text = fields.text("state")) {
        from.state = from_base64(*text);
        if (!from.state) refuse_corrupt("the sound to take over", "has a state that is no base64");
    }
    return from;
} catch (const Error& error) {
    refuse_corrupt("", error.what());
}

HandOver hand_over(Processor& processor) {
    HandOver all;
    auto* patch = processor.patch();
    if (!patch) return all;
    const auto count = patch->parameter_names().size();
    for (std::size_t i = 0; i < count; ++i) all.parameters.push_back(patch->parameter(i));
    try {
        all.state = patch->carried_state();
    } catch (const Error& error) {
        all.state_failure = error.what();
    }
    return all;
}

void remember_earlier(HandOver& now, const HandOver& taken) {
    const auto remember = [&](const Parameter& wanted) {
        const auto* present = find(now.parameters, wanted.id);
        if (find(now.earlier, wanted.id)) return;
        if (!present || is_kept_out(wanted, *present)) now.earlier.push_back(wanted);
    };
    for (const auto& parameter : taken.earlier) remember(parameter);
    for (const auto& parameter : taken.parameters)
        if (!find(taken.earlier, parameter.id)) remember(parameter);
}

void drop_blown_up_state(HandOver& sound) {
    if (!std::exchange(sound.state, std::nullopt)) return;
    sound.state_failure =
        "is left out: it leads to samples that are not numbers (NaN or infinite), as the build "
        "before gave at last";
}

TakenOver take_over(Processor& processor, const HandOver& from) {
    TakenOver taken;
    taken.had_state = from.state.has_value();
    taken.refused = from.state_failure;
    auto* patch = processor.patch();
    if (!patch) return taken;
    taken.parameters = take_parameters(*patch, from);
    // Smoothing begins at these values. What a state says that is loaded behind it goes on
    // sounding.
    if (patch->carries_sound()) processor.settle();
    if (from.state) taken.refused = load_state(*patch, *from.state);
    taken.sounds = from.state && !taken.refused && patch->carries_sound();
    if (patch->carries_sound()) return taken;
    processor.settle();
    // A state may hold parameters too.
    if (from.state) (void)take_parameters(*patch, from);
    return taken;
}

Record TakenOver::fields() const {
    std::vector<std::string> changes;
    for (const auto& change : parameters) {
        Record one("{}");
        one.set("id", readable(change.id));
        one.set("change", name_of(change.what));
        if (change.what != What::added) one.set("before", change.before);
        if (change.what != What::removed) one.set("after", change.after);
        changes.push_back(one.line());
    }
    Record fields("{}");
    fields.set("sounds", sounds);
    fields.set_json("parameters", "[" + joined(changes, ",") + "]");
    fields.set("state", refused ? "refused" : had_state ? "carried" : "none");
    if (refused) fields.set("state_error", readable(*refused));
    return fields;
}

}  // namespace patchpipe
