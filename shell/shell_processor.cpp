// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "shell_processor.h"

#include <fcntl.h>
#include <unistd.h>
#include <cstdlib>
#include <limits>

#include "base/descriptor.h"
#include "identity.h"
#include "shell_editor.h"

namespace patchpipe {
namespace {

constexpr std::size_t usual_events = 4096;  // more of them in a block allocate

// As a line of the file that PATCHPIPE_SHELL_LOG names.
void log(const Record& record) {
    const char* const path = std::getenv("PATCHPIPE_SHELL_LOG");
    if (!path || !*path) return;
    const Descriptor file(open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666));
    const auto line = record.line() + "\n";
    if (file.get() >= 0) (void)!::write(file.get(), line.data(), line.size());
}

bool is_mono_or_stereo(const juce::AudioChannelSet& channels) {
    return channels == juce::AudioChannelSet::mono() || channels == juce::AudioChannelSet::stereo();
}

}  // namespace

juce::AudioProcessor::BusesProperties ShellProcessor::buses(bool is_effect) {
    const auto stereo = juce::AudioChannelSet::stereo();
    auto all = BusesProperties().withOutput("Output", stereo);
    return is_effect ? all.withInput("Input", stereo) : all;
}

ShellProcessor::ShellProcessor(const juce::String& name, bool is_effect)
    : AudioProcessor(buses(is_effect)), name_(name), shell_([this](const Record& record) {
          log(record);
          triggerAsyncUpdate();
      }) {
    for (std::size_t slot = 0; slot < slot_count; ++slot) {
        slots_.push_back(new SlotParameter(shell_, slot));
        addParameter(slots_.back());
    }
    events_.reserve(usual_events);
    if (const char* const path = std::getenv("PATCHPIPE_LOGIC"); path && *path) shell_.load(path);
    take_status();
    startTimerHz(10);
}

ShellProcessor::~ShellProcessor() {
    stopTimer();
    cancelPendingUpdate();
}

void ShellProcessor::load(const juce::File& file) {
    shell_.load(file.getFullPathName().toStdString());
    handleAsyncUpdate();
}

bool ShellProcessor::isBusesLayoutSupported(const BusesLayout& layout) const {
    const auto in = layout.getMainInputChannelSet(), out = layout.getMainOutputChannelSet();
    if (!is_mono_or_stereo(out)) return false;
    if (getBusCount(true) == 0) return in.isDisabled();
    return is_mono_or_stereo(in) && in.size() <= out.size();
}

void ShellProcessor::prepareToPlay(double sample_rate, int block_size) {
    inputs_.resize(static_cast<std::size_t>(getTotalNumInputChannels()));
    outputs_.resize(static_cast<std::size_t>(getTotalNumOutputChannels()));
    shell_.prepare({.blocks = {.sample_rate = juce::roundToInt(sample_rate),
                               .block_size = juce::jmax(1, block_size),
                               .live = !isNonRealtime()},
                    .outputs = outputs_.size()});
    take_status();
}

void ShellProcessor::play(juce::AudioBuffer<float>& audio, juce::MidiBuffer& midi, bool bypassed) {
    events_.clear();
    for (const auto& message : midi)
        events_.push_back({.offset = juce::jlimit(0, juce::jmax(0, audio.getNumSamples() - 1),
                                                  message.samplePosition),
                           .bytes = {message.data, static_cast<std::size_t>(message.numBytes)}});
    for (std::size_t i = 0; i < inputs_.size(); ++i)
        inputs_[i] = audio.getReadPointer(static_cast<int>(i));
    for (std::size_t i = 0; i < outputs_.size(); ++i)
        outputs_[i] = audio.getWritePointer(static_cast<int>(i));
    shell_.process({.frames = audio.getNumSamples(),
                    .inputs = inputs_,
                    .outputs = outputs_,
                    .events = events_,
                    .transport = transport(),
                    .offline = isNonRealtime(),
                    .bypassed = bypassed});
}

Transport ShellProcessor::transport() const {
    Transport transport;
    const auto* const head = getPlayHead();
    const auto position = head ? head->getPosition() : juce::nullopt;
    if (!position) return transport;
    transport.frame = position->getTimeInSamples().orFallback(0);
    transport.seconds = position->getTimeInSeconds().orFallback(0);
    transport.playing = position->getIsPlaying();
    auto& music = transport.music;
    music.quarters = position->getPpqPosition().orFallback(0);
    music.bar_start_quarters = position->getPpqPositionOfLastBarStart().orFallback(0);
    music.bpm = position->getBpm().orFallback(music.bpm);
    if (const auto signature = position->getTimeSignature()) {
        music.numerator = signature->numerator;
        music.denominator = signature->denominator;
    }
    return transport;
}

void ShellProcessor::getStateInformation(juce::MemoryBlock& block) {
    const auto state = shell_.state();
    block.replaceAll(state.data(), state.size());
}

void ShellProcessor::setStateInformation(const void* bytes, int count) {
    if (count > 0)
        shell_.set_state({static_cast<const char*>(bytes), static_cast<std::size_t>(count)});
    take_status();
}

// Hosts may ask for the tail on any thread.
void ShellProcessor::take_status() {
    const auto status = shell_.status();
    tail_seconds_ = status.tail_frames ? *status.tail_frames / juce::jmax(1.0, getSampleRate())
                                       : std::numeric_limits<double>::infinity();
    setLatencySamples(status.latency_frames);
}

void ShellProcessor::handleAsyncUpdate() {
    take_status();
    for (auto* slot : slots_) slot->tell_host();
    updateHostDisplay(ChangeDetails().withParameterInfoChanged(true));
}

juce::AudioProcessorEditor* ShellProcessor::createEditor() { return new ShellEditor(*this); }

}  // namespace patchpipe

// JUCE's clients call this to make the plug-in.
juce::AudioProcessor* JUCE_CALLTYPE createPluginFilter();
juce::AudioProcessor* JUCE_CALLTYPE createPluginFilter() {
    return new patchpipe::ShellProcessor(patchpipe::plugin_name, patchpipe::plugin_is_effect);
}
