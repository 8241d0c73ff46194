// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "juce/vst3_component.h"

#include <juce_audio_processors/juce_audio_processors.h>
#include <pluginterfaces/vst/ivstaudioprocessor.h>
#include <pluginterfaces/vst/ivstcomponent.h>

#include "base/error.h"
#include "preset/juce_state.h"
#include "preset/vstpreset.h"
#include "serum/serum.h"

namespace patchpipe {
namespace {

// JUCE's door to the format's own preset calls, which say whether they succeeded.
struct PresetDoor : juce::ExtensionsVisitor {
    juce::MemoryBlock loaded_from;  // what to load; empty to save
    juce::MemoryBlock saved;
    bool accepted = false;

    void visitVST3Client(const VST3Client& client) override {
        if (loaded_from.isEmpty())
            saved = client.getPreset();
        else
            accepted = client.setPreset(loaded_from);
    }
};

struct ComponentFinder : juce::ExtensionsVisitor {
    Steinberg::Vst::IComponent* component = nullptr;
    void visitVST3Client(const VST3Client& client) override {
        component = client.getIComponentPtr();
    }
};

std::string save_preset(juce::AudioPluginInstance& plugin) {
    PresetDoor door;
    plugin.getExtensions(door);
    return {static_cast<const char*>(door.saved.getData()), door.saved.getSize()};
}

}  // namespace

Vst3Presets::Vst3Presets(juce::AudioPluginInstance& plugin)
    : plugin_(plugin),
      class_id_(parse_vstpreset(save_preset(plugin), plugin.getName().toStdString()).class_id) {}

void Vst3Presets::load_serum_preset(std::string_view bytes, const std::string& path) {
    restore(serum_preset_to_component(bytes, path), {}, path);
}

void Vst3Presets::load_vstpreset(std::string_view bytes, const std::string& path) {
    const auto preset = parse_vstpreset(bytes, path);
    if (!same_class_id(preset.class_id, class_id_))
        throw Error(ErrorKind::wrong_plugin, path,
                    "belongs to the class " + preset.class_id + ", but " +
                        plugin_.getName().toStdString() + " is " + class_id_ +
                        "; give the plug-in that the preset was made with");
    restore(preset.component, preset.controller.value_or(""), path);
}

void Vst3Presets::load_juce_state(std::string_view bytes, const std::string& path) {
    const auto state = parse_juce_state(bytes, path);
    restore(state.component, state.controller.value_or(""), path);
}

void Vst3Presets::load_component(std::string_view bytes, const std::string& path) {
    restore(bytes, {}, path);
}

void Vst3Presets::restore(std::string_view component, std::string_view controller,
                          const std::string& path) {
    VstPreset preset{.class_id = class_id_, .component = component};
    if (!controller.empty()) preset.controller = controller;
    const auto bytes = build_vstpreset(preset);
    PresetDoor door;
    door.loaded_from.append(bytes.data(), bytes.size());
    plugin_.getExtensions(door);
    if (!door.accepted)
        throw Error(ErrorKind::preset_rejected, path,
                    plugin_.getName().toStdString() + " refused the state in it");
}

int Vst3Presets::latency_frames() const {
    ComponentFinder finder;
    plugin_.getExtensions(finder);
    Steinberg::FUnknownPtr<Steinberg::Vst::IAudioProcessor> processor(finder.component);
    return processor ? static_cast<int>(processor->getLatencySamples()) : 0;
}

std::string Vst3Presets::save() const { return save_preset(plugin_); }

}  // namespace patchpipe
