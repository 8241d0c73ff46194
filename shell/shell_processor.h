// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The shell as a plug-in of JUCE's, an instrument or an effect. What it does is in lib/shell; here
// it meets hosts.
#pragma once

#include <juce_audio_processors/juce_audio_processors.h>

#include <atomic>
#include <vector>

#include "shell/shell.h"
#include "slot_parameter.h"

namespace patchpipe {

class ShellProcessor : public juce::AudioProcessor, private juce::AsyncUpdater, juce::Timer {
 public:
    /// Loads what PATCHPIPE_LOGIC names in the environment.
    ShellProcessor(const juce::String& name, bool is_effect);
    ~ShellProcessor() override;

    [[nodiscard]] Shell& shell() { return shell_; }
    /// Loads another code, for the editor.
    void load(const juce::File& file);

    const juce::String getName() const override { return name_; }
    void prepareToPlay(double sample_rate, int block_size) override;
    void releaseResources() override {}
    void reset() override { shell_.reset(); }
    void processBlock(juce::AudioBuffer<float>& audio, juce::MidiBuffer& midi) override {
        play(audio, midi, false);
    }
    using juce::AudioProcessor::processBlock;
    /// The code goes on unheard, or the notes that end meanwhile would hang afterwards.
    void processBlockBypassed(juce::AudioBuffer<float>& audio, juce::MidiBuffer& midi) override {
        play(audio, midi, true);
    }
    using juce::AudioProcessor::processBlockBypassed;
    double getTailLengthSeconds() const override { return tail_seconds_; }
    bool isBusesLayoutSupported(const BusesLayout& layout) const override;

    bool acceptsMidi() const override { return true; }
    bool producesMidi() const override { return false; }
    bool hasEditor() const override { return true; }
    juce::AudioProcessorEditor* createEditor() override;

    int getNumPrograms() override { return 1; }
    int getCurrentProgram() override { return 0; }
    void setCurrentProgram(int) override {}
    const juce::String getProgramName(int) override { return {}; }
    void changeProgramName(int, const juce::String&) override {}

    void getStateInformation(juce::MemoryBlock& block) override;
    void setStateInformation(const void* bytes, int count) override;

 private:
    [[nodiscard]] static BusesProperties buses(bool is_effect);
    void handleAsyncUpdate() override;
    void timerCallback() override { shell_.clean_up(); }
    void take_status();
    void play(juce::AudioBuffer<float>& audio, juce::MidiBuffer& midi, bool bypassed);
    [[nodiscard]] Transport transport() const;

    juce::String name_;
    std::atomic<double> tail_seconds_{0};
    std::vector<BlockEvent> events_;
    std::vector<const float*> inputs_;
    std::vector<float*> outputs_;
    std::vector<SlotParameter*> slots_;
    Shell shell_;  // ends first: its threads call this
};

}  // namespace patchpipe
