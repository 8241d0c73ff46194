// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A slot (lib/shell/slots.h) as a parameter of JUCE's: its id and its number stay, its name and its
// texts are those of the code.
#pragma once

#include <juce_audio_processors/juce_audio_processors.h>

#include "shell/shell.h"

namespace patchpipe {

class SlotParameter : public juce::AudioProcessorParameterWithID {
 public:
    SlotParameter(Shell& shell, std::size_t slot);

    float getValue() const override { return shell_.slot(slot_).get(); }
    void setValue(float value) override { shell_.slot(slot_).set(value); }
    float getDefaultValue() const override;
    juce::String getName(int longest) const override;
    juce::String getLabel() const override;
    int getNumSteps() const override;
    bool isDiscrete() const override { return shell_steps().has_value(); }
    juce::String getText(float value, int longest) const override;
    float getValueForText(const juce::String& text) const override;

    /// Tells the host if the value is another one than it was told.
    void tell_host();

 private:
    [[nodiscard]] std::optional<int> shell_steps() const;

    Shell& shell_;
    std::size_t slot_;
    float told_ = 0;
};

}  // namespace patchpipe
