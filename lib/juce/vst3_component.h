// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Presets and states of VST3 plug-ins. Whatever holds them (.SerumPreset, .vstpreset, JUCE's
// envelope), the plug-in gets component and controller state through one call whose result counts:
// JUCE's own setStateInformation() drops what the plug-in answers.
#pragma once

#include <string>
#include <string_view>

namespace juce {
class AudioPluginInstance;
}

namespace patchpipe {

class Vst3Presets {
 public:
    /// The plug-in must be a VST3 and outlive this.
    explicit Vst3Presets(juce::AudioPluginInstance& plugin);

    /// Each loads a file's bytes; path is for messages. Throws Error corrupt, unsupported,
    /// wrong-plugin (a .vstpreset of another class id) or preset-rejected.
    void load_serum_preset(std::string_view bytes, const std::string& path);
    void load_vstpreset(std::string_view bytes, const std::string& path);
    void load_juce_state(std::string_view bytes, const std::string& path);

    /// The same for the state of the component alone, without a container.
    void load_component(std::string_view bytes, const std::string& path);

    /// 32 hexadecimal digits.
    [[nodiscard]] const std::string& class_id() const { return class_id_; }

    /// What the plug-in itself says: JUCE keeps an old number until a message arrives, which may
    /// come from a thread that a forked child has not.
    [[nodiscard]] int latency_frames() const;

    /// The current sound as a .vstpreset.
    [[nodiscard]] std::string save() const;

 private:
    void restore(std::string_view component, std::string_view controller, const std::string& path);

    juce::AudioPluginInstance& plugin_;
    std::string class_id_;
};

}  // namespace patchpipe
