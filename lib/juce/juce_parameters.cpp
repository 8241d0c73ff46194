// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "juce/juce_parameters.h"

#include <juce_audio_processors/juce_audio_processors.h>
#include <cmath>

#include "base/number.h"
#include "juce/vst2_effect.h"
#include "names/characters.h"

namespace patchpipe {
namespace {

constexpr int longest_text = 256;  // characters of a name or a value

std::string name_of(const juce::AudioProcessorParameter& parameter) {
    return parameter.getName(longest_text).toStdString();
}

// JUCE puts "sym:" before an LV2's symbols.
std::string id_of(const juce::HostedAudioProcessorParameter& parameter) {
    const auto id = parameter.getParameterID().toStdString();
    constexpr std::string_view prefix = "sym:";
    return id.starts_with(prefix) ? id.substr(prefix.size()) : id;
}

std::string without_space(std::string_view text) {
    std::string kept;
    for (const char c : text)
        if (c != ' ' && c != '\t' && c != '\0') kept += c;
    return lower_ascii(kept);
}

// The number that a text begins with, and what follows it.
struct Quantity {
    double number;
    std::string unit;
};

std::optional<Quantity> quantity_in(const std::string& text) {
    const auto packed = without_space(text);
    const auto end = std::min(packed.find_first_not_of("+-.0123456789"), packed.size());
    const auto number = parse_number(packed.substr(packed.starts_with("+") ? 1 : 0, end));
    if (!number) return {};
    return Quantity{*number, packed.substr(end)};
}

// How far what a plug-in shows is from what is wanted: nothing if these are not the same kind of
// text, 0 if they are the same. A unit that only one of them has does not matter.
std::optional<double> difference(const std::string& shown, const std::string& wanted) {
    if (without_space(shown) == without_space(wanted)) return 0;
    const auto one = quantity_in(shown), other = quantity_in(wanted);
    if (!one || !other) return {};
    if (!one->unit.empty() && !other->unit.empty() && one->unit != other->unit) return {};
    return std::abs(one->number - other->number);
}

// Plug-ins show rounded numbers.
bool is_near(const std::string& shown, const std::string& wanted) {
    constexpr double part = 0.01, least = 0.005;
    const auto far = difference(shown, wanted);
    const auto number = quantity_in(wanted);
    return far && *far <= std::max(least, part * std::abs(number ? number->number : 0));
}

}  // namespace

std::vector<ParameterName> JuceParameters::names() const {
    std::vector<ParameterName> names;
    for (int i = 0; i < plugin_.getParameters().size(); ++i) {
        const auto* parameter = plugin_.getHostedParameter(i);
        names.push_back({.id = id_of(*parameter), .name = name_of(*parameter)});
    }
    return names;
}

Parameter JuceParameters::shown(std::size_t index) const {
    const auto* parameter = plugin_.getHostedParameter(static_cast<int>(index));
    Parameter shown;
    shown.id = id_of(*parameter);
    shown.name = name_of(*parameter);
    shown.unit = parameter->getLabel().toStdString();
    shown.value = parameter->getValue();
    shown.text = parameter->getCurrentValueAsText().toStdString();
    if (!effect_) shown.default_value = parameter->getDefaultValue();  // JUCE makes up a VST2's
    if (parameter->isDiscrete()) shown.steps = parameter->getNumSteps();
    shown.is_bypass = parameter == plugin_.getBypassParameter();
    shown.is_automatable = parameter->isAutomatable();
    return shown;
}

void JuceParameters::set(std::size_t index, float value) {
    plugin_.getParameters()[static_cast<int>(index)]->setValue(value);
}

// A VST2 shows the text of its present value only.
std::string JuceParameters::text_at(std::size_t index, float value) {
    auto* parameter = plugin_.getParameters()[static_cast<int>(index)];
    if (!effect_) return parameter->getText(value, longest_text).toStdString();
    parameter->setValue(value);
    return parameter->getCurrentValueAsText().toStdString();
}

// By the plug-in's own conversion. JUCE does not say whether there is one: without one it reads the
// number at the beginning of the text, and then only what the plug-in shows there can confirm it.
std::optional<float> JuceParameters::converted(std::size_t index, const std::string& text) {
    if (effect_) return text_to_parameter(*effect_, static_cast<int>(index), text);
    const auto* parameter = plugin_.getParameters()[static_cast<int>(index)];
    const auto value = parameter->getValueForText(text);
    if (!(value >= 0 && value <= 1)) return {};
    return value;
}

std::optional<double> JuceParameters::value_of(std::size_t index, const std::string& text) {
    if (const auto value = converted(index, text); value && is_near(text_at(index, *value), text))
        return *value;
    return searched(index, text);
}

// Of the values that are shown as the text, or nearest to it, the one in the middle, or at the end
// of the range if they reach it: a switch shows "on" from 0.5 to 1.
std::optional<double> JuceParameters::searched(std::size_t index, const std::string& text) {
    constexpr int steps = 1000;
    std::optional<double> least;
    int first = 0, last = 0;
    for (int i = 0; i <= steps; ++i) {
        const auto shown = text_at(index, static_cast<float>(i) / steps);
        const auto far = difference(shown, text);
        if (!far || !is_near(shown, text) || (least && *least < *far)) continue;
        if (!least || *far < *least) first = i;
        least = far;
        last = i;
    }
    if (!least) return {};
    if (last == steps) return 1;
    return first == 0 ? 0 : (first + last) / 2.0 / steps;
}

}  // namespace patchpipe
