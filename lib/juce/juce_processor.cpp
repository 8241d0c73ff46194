// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "juce/juce_processor.h"

#include <juce_audio_processors/juce_audio_processors.h>
#include <cstdlib>
#include <optional>

#include "base/error.h"
#include "base/words.h"
#include "catalog/detect.h"
#include "juce/juce_parameters.h"
#include "juce/juce_runtime.h"
#include "juce/lv2_bundle.h"
#include "juce/lv2_instance.h"
#include "juce/lv2_state.h"
#include "juce/midi_block.h"
#include "juce/vst2_effect.h"
#include "juce/vst3_classes.h"
#include "juce/vst3_component.h"
#include "lv2/lv2_bundle_writer.h"
#include "lv2/lv2_presets.h"
#include "plugin/binary.h"
#include "render/patch.h"
#include "render/programs.h"
#include "render/warm_up.h"
#include "shown/threads.h"

namespace patchpipe {
namespace {

class PlayHead : public juce::AudioPlayHead {
 public:
    void set(const Transport& transport) {
        position_.setTimeInSamples(transport.frame);
        position_.setTimeInSeconds(transport.seconds);
        position_.setPpqPosition(transport.music.quarters);
        position_.setPpqPositionOfLastBarStart(transport.music.bar_start_quarters);
        position_.setBpm(transport.music.bpm);
        position_.setTimeSignature(juce::AudioPlayHead::TimeSignature{transport.music.numerator,
                                                                      transport.music.denominator});
        position_.setIsPlaying(transport.playing);
    }

    juce::Optional<PositionInfo> getPosition() const override { return position_; }

 private:
    PositionInfo position_;
};

struct EffectFinder : juce::ExtensionsVisitor {
    AEffect* effect = nullptr;
    void visitVSTClient(const VSTClient& client) override { effect = client.getAEffectPtr(); }
};

AEffect* find_effect(juce::AudioPluginInstance& plugin) {
    EffectFinder finder;
    plugin.getExtensions(finder);
    return finder.effect;
}

// What is in a container was not meant to be given to the plug-in with it. Serum's container is its
// own state.
void check_raw_state(std::string_view bytes, const std::string& path) {
    if (bytes.empty()) throw Error(ErrorKind::corrupt, path, "is an empty state; save it again");
    const auto format = detect_preset_format(bytes);
    for (const std::string_view container : {"fxp", "fxb", "vstpreset", "state"})
        if (format == container)
            throw Error(ErrorKind::unsupported, path,
                        "is given as a bare state, but begins as the container " + format +
                            " does; leave state_format out, or take the state out of it with "
                            "preset-convert");
}

class JuceProcessor : public Processor, public Patch, public Programs {
 public:
    JuceProcessor(std::unique_ptr<juce::AudioPluginInstance> plugin, const Source& source)
        : plugin_(std::move(plugin)),
          is_lv2_(source.kind == lv2_kind),
          effect_(source.kind == vst2_kind ? find_effect(*plugin_) : nullptr),
          parameters_(*plugin_, effect_) {
        if (source.kind == vst3_kind) vst3_.emplace(*plugin_);
        take_info(source);
    }

    // The order matters: VST3 takes "offline" over only while it is inactive, and VST2 plug-ins
    // without an editor get a parameter moved by prepareToPlay, so presets come after.
    void prepare(const BlockSettings& settings) {
        const auto [sample_rate, block_size] = std::pair(settings.sample_rate, settings.block_size);
        all_outputs_ = settings.all_outputs;
        choose_buses(settings.side_chain);
        if (channels() == 0)
            throw Error(ErrorKind::unsupported, info_.name, "has no audio output to render");
        plugin_->setNonRealtime(true);
        plugin_->setPlayHead(&play_head_);
        plugin_->prepareToPlay(sample_rate, block_size);
        info_.inputs = plugin_->getMainBusNumInputChannels();
        info_.side_chain = side_chain();
        buffer_.setSize(
            std::max(plugin_->getTotalNumInputChannels(), plugin_->getTotalNumOutputChannels()),
            block_size);
        pump_messages();
    }

    const ProcessorInfo& info() const override { return info_; }
    int channels() const override {
        return all_outputs_ ? plugin_->getTotalNumOutputChannels()
                            : plugin_->getMainBusNumOutputChannels();
    }
    std::vector<AudioBus> buses() const override {
        std::vector<AudioBus> buses;
        for (const bool is_input : {true, false})
            for (int i = 0; i < plugin_->getBusCount(is_input); ++i) {
                const auto* bus = plugin_->getBus(is_input, i);
                buses.push_back({.name = bus->getName().toStdString(),
                                 .channels = bus->getDefaultLayout().size(),
                                 .is_input = is_input,
                                 .is_main = i == 0});
            }
        return buses;
    }
    int latency_frames() const override {
        if (effect_) return std::max(0, effect_latency(*effect_));
        if (vst3_) return std::max(0, vst3_->latency_frames());
        return std::max(0, plugin_->getLatencySamples());
    }
    bool one_controller_a_block() const override { return vst3_.has_value(); }
    EventRoom event_room() const override { return room_; }

    Patch* patch() override { return this; }
    Programs* programs() override { return this; }

    void load_preset(std::string_view bytes, const std::string& path,
                     std::string_view format) override {
        if ((format == "fxp" || format == "fxb") && effect_)
            return load_fx_state(*effect_, bytes, path, info_.name);
        if (format == "serum2" && vst3_) return vst3_->load_serum_preset(bytes, path);
        if (format == "vstpreset" && vst3_) return vst3_->load_vstpreset(bytes, path);
        if (format == "lv2" && is_lv2_) return load_state(bytes, path);
        refuse_format(format, path);
    }

    bool keeps_state() const override { return keeps_state_; }
    std::string state() override {
        if (effect_) return effect_state(*effect_);
        if (vst3_) return vst3_->save();
        juce::MemoryBlock state;
        plugin_->getStateInformation(state);
        return {static_cast<const char*>(state.getData()), state.getSize()};
    }

    void load_state(std::string_view bytes, const std::string& path) override {
        if (effect_) return load_fx_state(*effect_, bytes, path, info_.name);
        if (vst3_) return vst3_->load_juce_state(bytes, path);
        check_lv2_state(bytes, path, info_.id);
        plugin_->setStateInformation(bytes.data(), static_cast<int>(bytes.size()));
    }

    void load_raw_state(std::string_view bytes, const std::string& path, RawState which) override {
        check_raw_state(bytes, path);
        if (effect_) return patchpipe::load_raw_state(*effect_, bytes, path, info_.name, which);
        if (vst3_ && which == RawState::any) return vst3_->load_component(bytes, path);
        throw Error(ErrorKind::unsupported, path,
                    vst3_ ? "is given as one of several bare states, and a VST3 has only one; set "
                            "state_format to raw"
                          : "is given as a bare state, which an LV2 does not have: its states are "
                            "Turtle, as hosts save it");
    }

    std::string save() override {
        if (effect_) return save_fxp(*effect_, "");
        return state();
    }
    void load_saved(std::string_view bytes) override {
        if (effect_) return load_fxp(*effect_, bytes, info_.name, info_.name);
        if (vst3_) return vst3_->load_vstpreset(bytes, info_.name);
        plugin_->setStateInformation(bytes.data(), static_cast<int>(bytes.size()));
    }
    void move_parameters() override {
        constexpr float part = 0.99F, least = 0.005F;  // a switch stays where it is
        for (auto* parameter : plugin_->getParameters())
            parameter->setValue(least + part * parameter->getValue());
    }

    void settle() override {
        constexpr int blocks = 6;  // a sampler may take three to ask its thread for a file
        const auto until = RealClock::now() + (waited_in_vain_ ? second_wait : longest_wait);
        wait_for_threads(until);
        for (int i = 0; i < blocks; ++i) {
            process({.frames = buffer_.getNumSamples()});
            // The audio must not depend on when the threads finish what this block started.
            if (i == blocks - 1 || plugin_threads_work()) wait_for_threads(until);
        }
        plugin_->reset();
    }

    bool is_restless() const override { return restless_; }

    const float* const* process(const Block& block) override {
        std::optional<juce::ScopedNoDenormals> no_denormals;
        if (!block.keep_denormals) no_denormals.emplace();
        midi_.clear();
        append_events(block.events, midi_);
        for (const auto& [index, value] : block.parameters) set_parameter(index, value);
        play_head_.set(block.transport);
        if (is_lv2_) set_lv2_transport(block.transport);
        juce::AudioBuffer<float> audio(buffer_.getArrayOfWritePointers(), buffer_.getNumChannels(),
                                       block.frames);
        audio.clear();  // so is an output that the plug-in leaves alone
        if (block.audio)
            for (int channel = 0; channel < info_.inputs; ++channel)
                if (block.audio[channel])
                    audio.copyFrom(channel, 0, block.audio[channel], block.frames);
        if (block.side_chain)
            for (int channel = 0; channel < info_.side_chain.channels; ++channel)
                if (block.side_chain[channel])
                    audio.copyFrom(info_.side_chain.first + channel, 0, block.side_chain[channel],
                                   block.frames);
        plugin_->processBlock(audio, midi_);
        return buffer_.getArrayOfReadPointers();
    }

    std::vector<ParameterName> parameter_names() const override { return parameters_.names(); }
    Parameter parameter(std::size_t index) const override { return parameters_.shown(index); }
    void set_parameter(std::size_t index, double value) override {
        parameters_.set(index, static_cast<float>(value));
    }
    std::optional<double> parameter_value(std::size_t index, const std::string& text) override {
        return parameters_.value_of(index, text);
    }

    int count() const override {
        return is_lv2_ ? static_cast<int>(lv2_presets().size()) : plugin_->getNumPrograms();
    }
    std::string name(int program) const override {
        if (!is_lv2_) return plugin_->getProgramName(program).toStdString();
        const auto& preset = lv2_presets().at(static_cast<std::size_t>(program));
        return preset.name.empty() ? preset.uri : preset.name;
    }
    void select(int program) override {
        if (is_lv2_)
            load_lv2_program(program);
        else
            plugin_->setCurrentProgram(program);
        pump_messages();
        process({.frames = buffer_.getNumSamples()});  // VST3 changes programs in process only
    }

    std::string save_preset(const std::string& name) override {
        if (effect_) return save_fxp(*effect_, name);
        if (vst3_) return vst3_->save();
        return build_lv2_preset(state(), info_.id, name);
    }
    std::string preset_suffix() const override {
        return effect_ ? ".fxp" : vst3_ ? ".vstpreset" : ".ttl";
    }

 private:
    // An LV2's programs are its presets. JUCE has them in no order, and reads all of a preset to
    // tell its name.
    const std::vector<Lv2Preset>& lv2_presets() const {
        if (!lv2_presets_) lv2_presets_ = lv2_presets_for(info_.id);
        return *lv2_presets_;
    }

    void load_lv2_program(int program) {
        const auto& preset = lv2_presets().at(static_cast<std::size_t>(program));
        load_state(read_lv2_preset(preset.path, preset.uri).turtle, preset.path);
    }

    // After a wait in vain the next one is short: the thread may never finish, or may have
    // finished.
    static constexpr std::chrono::seconds longest_wait{10}, second_wait{1};

    // Many plug-ins build their tables or read their samples on threads of their own.
    void wait_for_threads(RealClock::time_point until) {
        pump_messages();
        if (!has_plugin_threads()) return;
        waited_in_vain_ = !wait_for_plugin_threads(until);
        restless_ = restless_ || waited_in_vain_;
        pump_messages();
    }

    void take_info(const Source& source) {
        const auto description = plugin_->getPluginDescription();
        info_ = {.name = description.name.toStdString(),
                 .vendor = description.manufacturerName.toStdString(),
                 .version = description.version.toStdString(),
                 .kind = source.kind,
                 .id = source.identifier,
                 .is_instrument = description.isInstrument};
        if (vst3_) info_.id = vst3_->class_id();
        if (vst3_) room_.events = 2048;  // JUCE leaves the rest out, as the standard's checker does
        keeps_state_ = vst3_.has_value();
        if (is_lv2_) take_lv2_info();
        if (!effect_) return;
        info_.id = effect_id(*effect_);
        keeps_state_ = patchpipe::keeps_state(*effect_);
        // JUCE was not asked to describe it, so it knows the name of the file only.
        if (!effect_name(*effect_).empty()) info_.name = effect_name(*effect_);
    }

    // JUCE gives no version, and takes a plug-in that names a general class first for an effect.
    void take_lv2_info() {
        const auto lv2 = find_lv2(info_.id);
        if (!lv2) return;
        info_.version = lv2->version;
        info_.is_instrument = info_.is_instrument || lv2->is_instrument;
        keeps_state_ = lv2->keeps_state;
        // In the same port are the transport's position and what parameters are set to.
        constexpr std::size_t other_events = 2048;
        room_.bytes = lv2->sequence_bytes - other_events;
    }

    // In JUCE's buffer the buses' channels follow each other.
    SideChain side_chain() const {
        const int inputs = plugin_->getMainBusNumInputChannels();
        const int behind = plugin_->getTotalNumInputChannels() - inputs;
        if (behind > 0) return {.channels = behind, .first = inputs};
        const int outputs = plugin_->getMainBusNumOutputChannels();
        if (inputs > outputs && outputs > 0)
            return {.channels = inputs - outputs, .first = outputs};
        return {};
    }

    // The outputs that are wanted, and of the inputs those that are open at first: a compressor may
    // listen to an open side chain in place of what goes through it.
    void choose_buses(bool with_side_chain) {
        auto layout = plugin_->getBusesLayout();
        for (int bus = 1; with_side_chain && bus < layout.inputBuses.size(); ++bus)
            layout.inputBuses.getReference(bus) = plugin_->getBus(true, bus)->getDefaultLayout();
        for (int bus = 1; bus < layout.outputBuses.size(); ++bus)
            layout.outputBuses.getReference(bus) =
                all_outputs_ ? plugin_->getBus(false, bus)->getDefaultLayout()
                             : juce::AudioChannelSet::disabled();
        if (plugin_->checkBusesLayoutSupported(layout)) plugin_->setBusesLayout(layout);
    }

    [[noreturn]] void refuse_format(std::string_view format, const std::string& path) const {
        std::string why = "is " + with_article(format) + " preset, which " + info_.name + ", " +
                          with_article(info_.kind) + " plug-in, cannot load; ";
        if (format == "fxp" || format == "fxb")
            why += "give the synth's VST2 (a VST3 would take it and play the wrong sound)";
        else
            why += "give the synth's " + std::string(format == "lv2" ? lv2_kind : vst3_kind);
        throw Error(ErrorKind::wrong_plugin, path, why);
    }

    std::unique_ptr<juce::AudioPluginInstance> plugin_;
    bool is_lv2_;
    AEffect* effect_;  // a VST2 only
    JuceParameters parameters_;
    ProcessorInfo info_;
    bool keeps_state_ = false;
    bool all_outputs_ = false;
    std::optional<Vst3Presets> vst3_;  // a VST3 only
    mutable std::optional<std::vector<Lv2Preset>> lv2_presets_;
    PlayHead play_head_;
    juce::AudioBuffer<float> buffer_;
    juce::MidiBuffer midi_;
    EventRoom room_;
    bool waited_in_vain_ = false;  // the last time
    bool restless_ = false;        // waited in vain once; see is_restless()
};

// JUCE writes the 70 files that LV2 itself comes with into a temporary folder and reads only their
// manifests. No plug-in needs these, so JUCE gets a folder that cannot be written.
std::unique_ptr<juce::AudioPluginFormat> lv2_format(const std::string& uri, int sample_rate) {
    let_juce_find_lv2(uri, sample_rate);
    const char* given = std::getenv("TMPDIR");
    const auto before = given ? std::optional<std::string>(given) : std::nullopt;
    setenv("TMPDIR", "/dev/null", 1);
    auto format = std::make_unique<juce::LV2PluginFormat>();
    if (before)
        setenv("TMPDIR", before->c_str(), 1);
    else
        unsetenv("TMPDIR");
    return format;
}

std::unique_ptr<juce::AudioPluginFormat> format_for(const Source& source, int sample_rate) {
    if (source.kind == vst2_kind) return std::make_unique<juce::VSTPluginFormat>();
    if (source.kind == vst3_kind) return std::make_unique<juce::VST3PluginFormat>();
    return lv2_format(source.identifier, sample_rate);
}

// What JUCE needs to know to open a plug-in. For a VST2 its path is enough; asking JUCE would load
// the plug-in once more only to describe it.
juce::PluginDescription describe(juce::AudioPluginFormat& format, const Source& source) {
    if (source.kind == vst3_kind) return describe_vst3(format, source);
    juce::PluginDescription description;
    description.fileOrIdentifier = source.identifier;
    description.pluginFormatName = format.getName();
    if (source.kind == vst2_kind) return description;
    juce::OwnedArray<juce::PluginDescription> found;
    format.findAllTypesForFile(found, source.identifier);
    for (const auto* one : found)
        if (one->isInstrument) return *one;
    if (!found.isEmpty()) return *found[0];
    throw Error(ErrorKind::plugin_load, source.identifier,
                "no LV2 plug-in with this URI is installed; lv2ls lists them, LV2_PATH names the "
                "folders");
}

}  // namespace

std::unique_ptr<Processor> open_in_juce(const Source& source, const BlockSettings& settings) {
    start_juce();
    load_binary(source.files.front());
    const auto format = format_for(source, settings.sample_rate);
    juce::String why;
    auto plugin = format->createInstanceFromDescription(
        describe(*format, source), settings.sample_rate, settings.block_size, why);
    if (!plugin)
        throw Error(ErrorKind::plugin_load, source.identifier,
                    why.isEmpty() ? "the plug-in gave no instance" : why.toStdString());
    auto processor = std::make_unique<JuceProcessor>(std::move(plugin), source);
    processor->prepare(settings);
    warm_up(*processor, settings);
    return processor;
}

}  // namespace patchpipe
