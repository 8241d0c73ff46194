// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A synth for the tests that misbehaves on request; fault_table.h lists how. One binary, built with
// JUCE's clients for VST2, VST3 and LV2. The fault is the program, and also the parameter "Fault".
// Selecting one is harmless: it occurs when a state is loaded or a note is played. An LV2 has
// presets instead of programs, so there selecting is loading.
#include <juce_audio_processors/juce_audio_processors.h>

#include <algorithm>
#include <string>

#include "fault_core.h"

namespace patchpipe {
namespace {

class FaultSynth : public juce::AudioProcessor {
 public:
    FaultSynth();

    const juce::String getName() const override { return JucePlugin_Name; }
    void prepareToPlay(double sample_rate, int) override { core_.prepare(sample_rate); }
    void reset() override { core_.reset(); }
    void releaseResources() override {}
    void processBlock(juce::AudioBuffer<float>& audio, juce::MidiBuffer& midi) override;
    using juce::AudioProcessor::processBlock;
    double getTailLengthSeconds() const override { return 0; }
    bool isBusesLayoutSupported(const BusesLayout& layout) const override {
        return layout.getMainOutputChannelSet() == juce::AudioChannelSet::stereo();
    }

    bool acceptsMidi() const override { return true; }
    bool producesMidi() const override { return false; }
    bool hasEditor() const override { return false; }
    juce::AudioProcessorEditor* createEditor() override { return nullptr; }

    int getNumPrograms() override { return fault_programs; }
    int getCurrentProgram() override { return fault_->get(); }
    void setCurrentProgram(int program) override;
    const juce::String getProgramName(int program) override {
        return fault_table.at(static_cast<std::size_t>(program)).name;
    }
    void changeProgramName(int, const juce::String&) override {}

    void getStateInformation(juce::MemoryBlock& block) override;
    void setStateInformation(const void* bytes, int count) override;

 private:
    void take_over_from_core();

    FaultCore core_;
    juce::AudioParameterInt* fault_ = new juce::AudioParameterInt(
        juce::ParameterID{"fault", 1}, "Fault", 0, fault_programs - 1, core_.program());
};

FaultSynth::FaultSynth()
    : AudioProcessor(BusesProperties().withOutput("Output", juce::AudioChannelSet::stereo())) {
    addParameter(fault_);
    take_over_from_core();
}

void FaultSynth::processBlock(juce::AudioBuffer<float>& audio, juce::MidiBuffer& midi) {
    core_.choose(fault_->get());
    if (core_.has(Fault::messages)) juce::MessageManager::callAsync([] {});
    int rendered = 0;
    const auto render_to = [&](int frame) {
        core_.render(audio.getWritePointer(0, rendered), audio.getWritePointer(1, rendered),
                     frame - rendered);
        rendered = frame;
    };
    for (const auto metadata : midi) {
        render_to(std::clamp(metadata.samplePosition, rendered, audio.getNumSamples()));
        const auto message = metadata.getMessage();
        if (message.isNoteOn())
            core_.note_on(message.getNoteNumber(), message.getFloatVelocity());
        else if (message.isNoteOff())
            core_.note_off(message.getNoteNumber());
        else if (message.isAllNotesOff() || message.isAllSoundOff())
            core_.end_all_notes();
        else if (message.isProgramChange() && message.getProgramChangeNumber() < fault_programs)
            *fault_ = message.getProgramChangeNumber();
    }
    render_to(audio.getNumSamples());
    setLatencySamples(core_.latency_frames());
}

void FaultSynth::take_over_from_core() {
    *fault_ = core_.program();
    setLatencySamples(core_.latency_frames());
}

void FaultSynth::setCurrentProgram(int program) {
    if (wrapperType == wrapperType_LV2)
        core_.load_program(program);
    else
        core_.choose(program);
    take_over_from_core();
}

void FaultSynth::getStateInformation(juce::MemoryBlock& block) {
    core_.choose(fault_->get());
    const std::string state = core_.state();
    block.replaceAll(state.data(), state.size());
}

void FaultSynth::setStateInformation(const void* bytes, int count) {
    core_.choose(fault_->get());
    core_.load_state({static_cast<const char*>(bytes), static_cast<std::size_t>(count)});
    take_over_from_core();
}

}  // namespace
}  // namespace patchpipe

juce::AudioProcessor* JUCE_CALLTYPE createPluginFilter();
juce::AudioProcessor* JUCE_CALLTYPE createPluginFilter() { return new patchpipe::FaultSynth; }
