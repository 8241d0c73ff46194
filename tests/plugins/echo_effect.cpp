// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A VST3 effect for the tests, made with JUCE's client: an echo on one or two channels, without a
// display, threads of its own or randomness.
//
//   0 Time:       1 to 500 ms, shown as "250 ms"; 100 ms at first
//   1 Feedback:   0 to 0.9; 0.5 at first
//   2 Mix:        how much of the echo is added; 0.5 at first
//   3 Look-ahead: if on, the output is 64 frames late, which is reported as latency; off at first
//
// What comes out is multiplied by 1 minus the side chain, the bus Duck, which is closed at first.
// The bus Dry, closed at first too, gives what goes in.
// The n-th echo, n from 1, is Mix * Feedback^(n - 1) times the input, n times Time later, rounded
// to frames.
#include <juce_audio_processors/juce_audio_processors.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace patchpipe {
namespace {

constexpr int look_ahead = 64;

class EchoEffect : public juce::AudioProcessor {
 public:
    EchoEffect();

    const juce::String getName() const override { return JucePlugin_Name; }
    void prepareToPlay(double, int) override { reset(); }
    void reset() override;
    void releaseResources() override {}
    void processBlock(juce::AudioBuffer<float>& audio, juce::MidiBuffer&) override;
    using juce::AudioProcessor::processBlock;
    double getTailLengthSeconds() const override { return 10; }
    bool isBusesLayoutSupported(const BusesLayout& layout) const override {
        const auto out = layout.getMainOutputChannelSet();
        if (layout.outputBuses.size() > 1 && !layout.outputBuses[1].isDisabled() &&
            layout.outputBuses[1] != juce::AudioChannelSet::stereo())
            return false;
        if (layout.inputBuses.size() > 1 && !layout.inputBuses[1].isDisabled() &&
            layout.inputBuses[1] != juce::AudioChannelSet::stereo())
            return false;
        return out == layout.getMainInputChannelSet() &&
               (out == juce::AudioChannelSet::stereo() || out == juce::AudioChannelSet::mono());
    }

    bool acceptsMidi() const override { return false; }
    bool producesMidi() const override { return false; }
    bool hasEditor() const override { return false; }
    juce::AudioProcessorEditor* createEditor() override { return nullptr; }

    int getNumPrograms() override { return 1; }
    int getCurrentProgram() override { return 0; }
    void setCurrentProgram(int) override {}
    const juce::String getProgramName(int) override { return "Init"; }
    void changeProgramName(int, const juce::String&) override {}

    void getStateInformation(juce::MemoryBlock& block) override {
        juce::MemoryOutputStream out(block, false);
        for (const auto* parameter : getParameters()) out.writeFloat(parameter->getValue());
    }
    void setStateInformation(const void* bytes, int count) override {
        juce::MemoryInputStream in(bytes, static_cast<std::size_t>(count), false);
        for (auto* parameter : getParameters())
            if (in.getNumBytesRemaining() >= 4) parameter->setValueNotifyingHost(in.readFloat());
    }

 private:
    struct Line {
        std::vector<float> echo, late;
        std::size_t at = 0, late_at = 0;
    };

    juce::AudioParameterFloat *time_, *feedback_, *mix_;
    juce::AudioParameterBool* look_ahead_;
    std::array<Line, 2> lines_;
};

juce::AudioParameterFloat* number(const char* name, float least, float most, float first,
                                  const char* unit) {
    const auto text = [unit](float value, int) { return juce::String(value, 2) + unit; };
    return new juce::AudioParameterFloat(
        juce::ParameterID{juce::String(name).toLowerCase(), 1}, name, {least, most}, first,
        juce::AudioParameterFloatAttributes().withStringFromValueFunction(text));
}

EchoEffect::EchoEffect()
    : AudioProcessor(BusesProperties()
                         .withInput("Input", juce::AudioChannelSet::stereo())
                         .withInput("Duck", juce::AudioChannelSet::stereo(), false)
                         .withOutput("Output", juce::AudioChannelSet::stereo())
                         .withOutput("Dry", juce::AudioChannelSet::stereo(), false)) {
    addParameter(time_ = number("Time", 1, 500, 100, " ms"));
    addParameter(feedback_ = number("Feedback", 0, 0.9F, 0.5F, ""));
    addParameter(mix_ = number("Mix", 0, 1, 0.5F, ""));
    addParameter(look_ahead_ = new juce::AudioParameterBool(juce::ParameterID{"lookahead", 1},
                                                            "Look-ahead", false));
}

void EchoEffect::reset() {
    const auto longest = static_cast<std::size_t>(getSampleRate() / 2) + 1;
    for (auto& line : lines_) {
        line.echo.assign(longest, 0);
        line.late.assign(look_ahead, 0);
        line.at = line.late_at = 0;
    }
    setLatencySamples(look_ahead_->get() ? look_ahead : 0);
}

void EchoEffect::processBlock(juce::AudioBuffer<float>& audio, juce::MidiBuffer&) {
    setLatencySamples(look_ahead_->get() ? look_ahead : 0);
    const auto delay = static_cast<std::size_t>(std::lround(*time_ / 1000 * getSampleRate()));
    const float feedback = *feedback_, mix = *mix_;
    const bool late = look_ahead_->get();
    const auto duck = getBusCount(true) > 1 && getBus(true, 1)->isEnabled()
                          ? getBusBuffer(audio, true, 1)
                          : juce::AudioBuffer<float>();
    // What is in them lies in the same channels as the side chain.
    juce::AudioBuffer<float> key, dry;
    key.makeCopyOf(duck);
    if (getBusCount(false) > 1 && getBus(false, 1)->isEnabled()) {
        dry = getBusBuffer(audio, false, 1);
        for (int channel = 0; channel < dry.getNumChannels(); ++channel)
            dry.copyFrom(channel, 0, audio, std::min(channel, getMainBusNumInputChannels() - 1), 0,
                         audio.getNumSamples());
    }
    for (int channel = 0; channel < std::min(getMainBusNumOutputChannels(), 2); ++channel) {
        auto& line = lines_[static_cast<std::size_t>(channel)];
        const auto size = line.echo.size();
        auto* samples = audio.getWritePointer(channel);
        for (int i = 0; i < audio.getNumSamples(); ++i) {
            const float echo = line.echo[(line.at + size - std::min(delay, size - 1)) % size];
            line.echo[line.at] = samples[i] + feedback * echo;
            line.at = (line.at + 1) % size;
            const float ducked = channel < key.getNumChannels() ? key.getSample(channel, i) : 0.0F;
            const float now = (samples[i] + mix * echo) * (1 - ducked);
            samples[i] = late ? line.late[line.late_at] : now;
            line.late[line.late_at] = now;
            line.late_at = (line.late_at + 1) % look_ahead;
        }
    }
}

}  // namespace
}  // namespace patchpipe

juce::AudioProcessor* JUCE_CALLTYPE createPluginFilter();
juce::AudioProcessor* JUCE_CALLTYPE createPluginFilter() { return new patchpipe::EchoEffect; }
