// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A VST3 instrument for the tests that treats states like Serum 2: it loads a correct processor
// state, and silently ignores any other. No display, no threads of its own, no randomness.
//
// Its eight parameters are the macros (macro_voices.h says what each does), 0 in the init sound.
// After them come a bypass and the 2,080 parameters through which JUCE's client receives MIDI
// controllers; it follows CC 7, 120 and 123 and pitch bend (2 semitones), each at its frame.
#include <juce_audio_processors/juce_audio_processors.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <tuple>

#include "macro_state.h"
#include "macro_voices.h"

namespace patchpipe {
namespace {

class MacroSynth : public juce::AudioProcessor {
 public:
    MacroSynth();

    const juce::String getName() const override { return JucePlugin_Name; }
    void prepareToPlay(double sample_rate, int) override { voices_.reset(sample_rate); }
    void reset() override { voices_.reset(getSampleRate()); }
    void releaseResources() override {}
    void processBlock(juce::AudioBuffer<float>& audio, juce::MidiBuffer& midi) override;
    using juce::AudioProcessor::processBlock;
    double getTailLengthSeconds() const override { return 0.005 + *parameters_[4] * 0.5; }
    bool isBusesLayoutSupported(const BusesLayout& layout) const override {
        return layout.getMainOutputChannelSet() == juce::AudioChannelSet::stereo();
    }

    bool acceptsMidi() const override { return true; }
    bool producesMidi() const override { return false; }
    bool hasEditor() const override { return false; }
    juce::AudioProcessorEditor* createEditor() override { return nullptr; }

    int getNumPrograms() override { return 1; }
    int getCurrentProgram() override { return 0; }
    void setCurrentProgram(int) override {}
    const juce::String getProgramName(int) override { return "Init"; }
    void changeProgramName(int, const juce::String&) override {}

    // Without a bypass of our own, JUCE's client would save its bypass in the states, behind our
    // bytes.
    juce::AudioProcessorParameter* getBypassParameter() const override { return bypass_.get(); }

    void getStateInformation(juce::MemoryBlock& block) override;
    void setStateInformation(const void* bytes, int count) override;

 private:
    [[nodiscard]] Macros macros() const;
    void handle(const juce::MidiMessage& message);

    std::array<juce::AudioParameterFloat*, std::tuple_size_v<Macros>> parameters_{};
    std::unique_ptr<juce::AudioParameterBool> bypass_ =
        std::make_unique<juce::AudioParameterBool>(juce::ParameterID{"bypass", 1}, "Bypass", false);
    MacroVoices voices_;
    MacroState state_;
};

MacroSynth::MacroSynth()
    : AudioProcessor(BusesProperties().withOutput("Output", juce::AudioChannelSet::stereo())) {
    for (std::size_t i = 0; i < parameters_.size(); ++i) {
        const juce::ParameterID id("macro" + juce::String(i), 1);
        parameters_[i] = new juce::AudioParameterFloat(id, macro_names[i], 0.0F, 1.0F, 0.0F);
        addParameter(parameters_[i]);
    }
}

Macros MacroSynth::macros() const {
    Macros values;
    std::ranges::transform(parameters_, values.begin(), [](const auto* p) { return p->get(); });
    return values;
}

void MacroSynth::processBlock(juce::AudioBuffer<float>& audio, juce::MidiBuffer& midi) {
    audio.clear();
    const Macros values = macros();
    int rendered = 0;
    const auto render_to = [&](int frame) {
        voices_.render(values, audio.getWritePointer(0, rendered),
                       audio.getWritePointer(1, rendered), frame - rendered);
        rendered = frame;
    };
    for (const auto metadata : midi) {
        render_to(std::clamp(metadata.samplePosition, rendered, audio.getNumSamples()));
        handle(metadata.getMessage());
    }
    render_to(audio.getNumSamples());
    if (bypass_->get()) audio.clear();
}

void MacroSynth::handle(const juce::MidiMessage& message) {
    const int midi_channel = message.getChannel() - 1;
    if (midi_channel < 0) return;
    if (message.isNoteOn())
        voices_.note_on(midi_channel, message.getNoteNumber(), message.getFloatVelocity());
    else if (message.isNoteOff())
        voices_.note_off(midi_channel, message.getNoteNumber());
    else if (message.isPitchWheel())
        voices_.set_bend(midi_channel, (message.getPitchWheelValue() - 8192) / 8192.0 * 2);
    else if (message.isControllerOfType(7))
        voices_.set_volume(midi_channel, message.getControllerValue() / 127.0F);
    else if (message.isAllNotesOff() || message.isAllSoundOff())
        voices_.end_all_notes(midi_channel);
}

void MacroSynth::getStateInformation(juce::MemoryBlock& block) {
    state_.set_macros(macros());
    const std::string bytes = state_.write();
    block.replaceAll(bytes.data(), bytes.size());
}

void MacroSynth::setStateInformation(const void* bytes, int count) {
    const auto size = static_cast<std::size_t>(count);
    auto state = MacroState::read({static_cast<const char*>(bytes), size});
    if (!state) return;
    state_ = std::move(*state);
    const Macros values = state_.macros();
    for (std::size_t i = 0; i < parameters_.size(); ++i) *parameters_[i] = values[i];
}

}  // namespace
}  // namespace patchpipe

juce::AudioProcessor* JUCE_CALLTYPE createPluginFilter();
juce::AudioProcessor* JUCE_CALLTYPE createPluginFilter() { return new patchpipe::MacroSynth; }
