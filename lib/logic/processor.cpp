// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "logic/processor.h"

#include <optional>
#include <variant>

#include "base/error.h"
#include "base/no_denormals.h"
#include "logic/block_samples.h"
#include "logic/instance.h"
#include "logic/parameters.h"
#include "logic/saved_sound.h"
#include "render/meters.h"
#include "render/patch.h"
#include "render/programs.h"

namespace patchpipe {
namespace {

using Samples = std::variant<BlockSamples<float>, BlockSamples<double>>;

Samples samples_for(const LogicInstance& instance, std::size_t block_size) {
    const auto& logic = instance.logic();
    if (instance.library().is_double())
        return BlockSamples<double>(logic.inputs, logic.outputs, block_size);
    return BlockSamples<float>(logic.inputs, logic.outputs, block_size);
}

ProcessorInfo info_of(const patchpipe_logic& logic) {
    return {.name = logic.name,
            .vendor = logic.vendor ? logic.vendor : "",
            .version = logic.version ? logic.version : "",
            .kind = std::string(logic_kind),
            .id = logic.id,
            .is_instrument = logic.instrument != 0,
            .inputs = static_cast<int>(logic.inputs)};
}

patchpipe_transport transport_of(const Transport& from) {
    return {.frame = from.frame,
            .seconds = from.seconds,
            .quarters = from.music.quarters,
            .bar_start_quarters = from.music.bar_start_quarters,
            .bpm = from.music.bpm,
            .numerator = from.music.numerator,
            .denominator = from.music.denominator,
            .playing = from.playing,
            .reserved = 0};
}

class LogicProcessor : public Processor, public Patch, public Programs, public Meters {
 public:
    LogicProcessor(std::shared_ptr<const LogicLibrary> library, const BlockSettings& settings)
        : library_(std::move(library)),
          instance_(library_),
          settings_(settings),
          info_(info_of(instance_.logic())),
          parameters_(instance_.logic()),
          meters_(instance_.logic().meter_count),
          samples_(samples_for(instance_, static_cast<std::size_t>(settings.block_size))),
          outputs_(instance_.logic().outputs,
                   std::vector<float>(static_cast<std::size_t>(settings.block_size))) {
        for (auto& output : outputs_) pointers_.push_back(output.data());
        events_.reserve(usual_events);  // more of them in a block allocate
        settle();
    }

    const ProcessorInfo& info() const override { return info_; }
    int channels() const override { return static_cast<int>(outputs_.size()); }
    int latency_frames() const override { return static_cast<int>(instance_.latency_frames()); }

    void settle() override {
        apply_changes();
        instance_.reset(settings_.sample_rate, settings_.block_size, !settings_.live,
                        parameters_.values());
    }

    std::unique_ptr<Processor> another(const BlockSettings& settings) override {
        return std::make_unique<LogicProcessor>(library_, settings);
    }

    Patch* patch() override { return this; }
    Programs* programs() override { return this; }
    Meters* meters() override { return this; }

    const float* const* process(const Block& block) override {
        apply_changes();
        for (const auto& [index, value] : block.parameters)
            parameters_.set(index, parameters_[index].value_at(value));
        const auto transport = transport_of(block.transport);
        take_events(block.events);
        patchpipe_block given{};
        given.events = events_.data();
        given.event_count = static_cast<std::uint32_t>(events_.size());
        given.parameters = parameters_.values().data();
        given.meters = meters_.data();
        given.transport = &transport;
        given.frames = static_cast<std::uint32_t>(block.frames);
        std::visit([&](auto& samples) { process(block, given, samples); }, samples_);
        return pointers_.data();
    }

    Record details() override {
        Record fields("{}");
        fields.set("sample_bits", instance_.library().is_double() ? 64 : 32);
        const auto tail = instance_.tail_frames();
        if (tail != PATCHPIPE_TAIL_INFINITE) fields.set("tail_frames", tail);
        return fields;
    }

    void load_preset(std::string_view bytes, const std::string& path,
                     std::string_view format) override {
        if (format != "logic")
            throw Error(ErrorKind::wrong_plugin, path,
                        "is a preset of the format " + std::string(format) + ", and " + info_.name +
                            " is a logic library, which loads only sounds that were saved of it");
        load_state(bytes, path);
    }

    void load_state(std::string_view bytes, const std::string& path) override {
        const auto sound = read_logic_sound(bytes, path, info_.id, parameters_);
        for (const auto& [index, value] : sound.parameters) parameters_.set(index, value);
        const bool taken = !sound.state || instance_.load(*sound.state);
        instance_.changed(parameters_.values());
        if (!taken)
            throw Error(ErrorKind::preset_rejected, path,
                        "has a state that " + info_.name + " does not take: its load() returned 0");
    }

    std::string state() override { return save(); }
    bool keeps_state() const override { return instance_.logic().save != nullptr; }

    std::string save() override {
        std::optional<std::string> state;
        if (keeps_state()) {
            state = instance_.save();
            if (!state)
                throw Error(ErrorKind::unsupported, info_.name,
                            "cannot be saved: its save() gave no state, or one of more than 1 GiB");
        }
        return write_logic_sound(info_.id, parameters_, state);
    }
    void load_saved(std::string_view bytes) override { load_state(bytes, info_.name); }

    std::optional<std::string> carried_state() override {
        if (!keeps_state()) return {};
        if (auto state = instance_.save()) return state;
        throw Error(ErrorKind::unsupported, info_.name,
                    "gives no state: its save() failed, or gave more than 1 GiB");
    }
    void load_carried_state(std::string_view bytes) override {
        const bool taken = instance_.load(bytes);
        instance_.changed(parameters_.values());
        changed_ = false;
        if (!taken)
            throw Error(ErrorKind::preset_rejected, info_.name,
                        "does not take the state of the build before: its load() returned 0");
    }
    bool carries_sound() const override { return true; }

    // It has no programs, but sounds can be saved of it.
    int count() const override { return 0; }
    std::string name(int /*program*/) const override { return ""; }
    void select(int /*program*/) override {}
    std::string save_preset(const std::string& /*name*/) override { return save(); }
    std::string preset_suffix() const override { return ".logicsound"; }

    void move_parameters() override {
        constexpr double part = 0.99, least = 0.005;  // a switch stays where it is
        for (std::size_t i = 0; i < parameters_.size(); ++i)
            set_parameter(i, least + part * parameters_[i].normalised(parameters_.values()[i]));
    }

    std::vector<ParameterName> parameter_names() const override {
        std::vector<ParameterName> names;
        for (std::size_t i = 0; i < parameters_.size(); ++i)
            names.push_back({.id = parameters_[i].id, .name = parameters_[i].name});
        return names;
    }

    Parameter parameter(std::size_t index) const override {
        const auto& parameter = parameters_[index];
        const double value = parameters_.values()[index];
        Parameter shown;
        shown.id = parameter.id;
        shown.name = parameter.name;
        shown.unit = parameter.unit;
        shown.value = parameter.normalised(value);
        shown.text = parameter.text(value);
        shown.default_value = parameter.normalised(parameter.initial);
        if (parameter.steps > 0) shown.steps = static_cast<int>(parameter.steps);
        shown.own = {.minimum = parameter.minimum, .maximum = parameter.maximum, .value = value};
        return shown;
    }

    void set_own_value(std::size_t index, double value) override {
        parameters_.set(index, parameters_[index].nearest(value));
        changed_ = true;
    }

    void set_parameter(std::size_t index, double value) override {
        parameters_.set(index, parameters_[index].value_at(value));
        changed_ = true;
    }

    std::optional<double> parameter_value(std::size_t index, const std::string& text) override {
        const auto value = parameters_[index].value_of(text);
        return value ? std::optional(parameters_[index].normalised(*value)) : std::nullopt;
    }

    std::optional<std::string> parameter_text(std::size_t index, double value) const override {
        const auto& parameter = parameters_[index];
        return parameter.text(parameter.value_at(value));
    }

    std::vector<MeterName> meter_names() const override {
        std::vector<MeterName> names;
        for (std::uint32_t i = 0; i < instance_.logic().meter_count; ++i) {
            const auto& meter = instance_.logic().meters[i];
            names.push_back(
                {.id = meter.id, .name = meter.name, .unit = meter.unit ? meter.unit : ""});
        }
        return names;
    }
    std::span<const float> meter_values() const override { return meters_; }

 private:
    // Tells the library of parameters that were set outside of a block.
    void apply_changes() {
        if (changed_) instance_.changed(parameters_.values());
        changed_ = false;
    }

    void take_events(std::span<const BlockEvent> events) {
        events_.clear();
        for (const auto& event : events)
            events_.push_back({.bytes = event.bytes.data(),
                               .size = static_cast<std::uint32_t>(event.bytes.size()),
                               .frame = static_cast<std::uint32_t>(event.offset),
                               .kind = PATCHPIPE_EVENT_MIDI,
                               .reserved = 0});
    }

    template <typename Sample>
    void process(const Block& block, patchpipe_block& given, BlockSamples<Sample>& samples) {
        const auto frames = static_cast<std::size_t>(block.frames);
        samples.give(block.audio, frames, given);
        std::optional<NoDenormals> no_denormals;
        if (!block.keep_denormals) no_denormals.emplace();
        const auto status = instance_.process(given);
        no_denormals.reset();
        if (status < PATCHPIPE_CONTINUE || status >= PATCHPIPE_FAILED)
            throw Error(ErrorKind::crash, info_.name,
                        status == PATCHPIPE_FAILED
                            ? "failed: its process() said so"
                            : "failed: its process() returned " + std::to_string(status) +
                                  ", which is no status");
        samples.take(frames, pointers_);
    }

    static constexpr std::size_t usual_events = 1024;

    std::shared_ptr<const LogicLibrary> library_;
    mutable LogicInstance instance_;  // a latency is asked of it
    BlockSettings settings_;
    ProcessorInfo info_;
    LogicParameters parameters_;
    std::vector<float> meters_;
    Samples samples_;
    std::vector<std::vector<float>> outputs_;
    std::vector<float*> pointers_;
    std::vector<patchpipe_event> events_;
    bool changed_ = true;
};

}  // namespace

std::unique_ptr<Processor> open_logic(const Source& source, const BlockSettings& settings) {
    auto processor = std::make_unique<LogicProcessor>(
        std::make_shared<const LogicLibrary>(source.identifier), settings);
    // Code and data that the first call touches are then there for every fork.
    (void)processor->process({.frames = settings.block_size});
    processor->settle();
    return processor;
}

}  // namespace patchpipe
