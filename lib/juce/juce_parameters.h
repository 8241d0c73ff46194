// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The parameters of a plug-in that JUCE hosts: their names, values and texts. Not here: presets,
// and when a plug-in acts on a value.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "render/patch.h"

struct AEffect;

namespace juce {
class AudioPluginInstance;
}

namespace patchpipe {

class JuceParameters {
 public:
    /// effect is a VST2's, else null. Both must outlive this.
    JuceParameters(juce::AudioPluginInstance& plugin, AEffect* effect)
        : plugin_(plugin), effect_(effect) {}

    [[nodiscard]] std::vector<ParameterName> names() const;

    /// The parameter as the plug-in shows it now.
    [[nodiscard]] Parameter shown(std::size_t index) const;

    /// value is normalised, 0 to 1.
    void set(std::size_t index, float value);

    /// As Patch::parameter_value().
    [[nodiscard]] std::optional<double> value_of(std::size_t index, const std::string& text);

 private:
    [[nodiscard]] std::optional<double> searched(std::size_t index, const std::string& text);
    [[nodiscard]] std::optional<float> converted(std::size_t index, const std::string& text);
    [[nodiscard]] std::string text_at(std::size_t index, float value);

    juce::AudioPluginInstance& plugin_;
    AEffect* effect_;
};

}  // namespace patchpipe
