// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "slot_parameter.h"

#include "text.h"

namespace patchpipe {
namespace {

juce::String number_of(std::size_t slot) { return juce::String(static_cast<int>(slot) + 1); }

}  // namespace

SlotParameter::SlotParameter(Shell& shell, std::size_t slot)
    : AudioProcessorParameterWithID(juce::ParameterID{"p" + number_of(slot), 1},
                                    "Parameter " + number_of(slot)),
      shell_(shell),
      slot_(slot) {}

float SlotParameter::getDefaultValue() const {
    const auto parameter = shell_.parameter(slot_);
    return parameter ? static_cast<float>(parameter->default_value.value_or(0)) : 0;
}

juce::String SlotParameter::getName(int longest) const {
    const auto parameter = shell_.parameter(slot_);
    return (parameter ? text_of(parameter->name) : name).substring(0, longest);
}

juce::String SlotParameter::getLabel() const {
    const auto parameter = shell_.parameter(slot_);
    return parameter ? text_of(parameter->unit) : juce::String();
}

std::optional<int> SlotParameter::shell_steps() const {
    const auto parameter = shell_.parameter(slot_);
    return parameter ? parameter->steps : std::nullopt;
}

int SlotParameter::getNumSteps() const {
    return shell_steps().value_or(juce::AudioProcessor::getDefaultNumParameterSteps());
}

juce::String SlotParameter::getText(float value, int longest) const {
    return text_of(shell_.text(slot_, value)).substring(0, longest > 0 ? longest : 1024);
}

float SlotParameter::getValueForText(const juce::String& text) const {
    return shell_.value_of(slot_, text.toStdString()).value_or(getValue());
}

void SlotParameter::tell_host() {
    const auto value = getValue();
    if (value == told_) return;
    told_ = value;
    sendValueChangedMessageToListeners(value);
}

}  // namespace patchpipe
