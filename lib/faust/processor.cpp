// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "faust/processor.h"

#include <algorithm>
#include <optional>
#include <tuple>

#include "base/error.h"
#include "base/no_denormals.h"
#include "base/number.h"
#include "base/words.h"
#include "faust/channels.h"
#include "faust/control_values.h"
#include "faust/details.h"
#include "faust/midi_bindings.h"
#include "faust/parameters.h"
#include "faust/sound.h"
#include "file/absolute.h"
#include "plugin/code_cache.h"
#include "render/meters.h"
#include "render/patch.h"

namespace patchpipe {
namespace {

// Where the samples of a part of a block come from and go to.
template <typename Sample>
struct Part {
    std::vector<const Sample*> inputs;
    std::vector<Sample*> outputs;
};

class FaustProcessor : public Processor, public Patch, public Meters {
 public:
    FaustProcessor(const DspOperand& operand, const BlockSettings& settings,
                   const std::optional<FaustCode>& code)
        : operand_(operand),
          code_(code),
          sound_(operand, settings, code),
          controls_(sound_.controls()),
          bargraphs_(sound_.bargraphs()),
          meters_(bargraphs_.size()),
          bindings_(controls_),
          outputs_(static_cast<std::size_t>(sound_.outputs()), settings.block_size) {
        for (const auto* control : controls_)
            parameters_.emplace_back(*control, sound_.program().has_double_zones());
        names_ = control_names(controls_);
        take_info(operand.path);
        if (!sound_.program().is_double()) return;
        wide_inputs_.emplace(static_cast<std::size_t>(sound_.inputs()), settings.block_size);
        wide_outputs_.emplace(static_cast<std::size_t>(sound_.outputs()), settings.block_size);
    }

    const ProcessorInfo& info() const override { return info_; }
    int channels() const override { return sound_.outputs(); }
    int latency_frames() const override { return 0; }
    void settle() override { sound_.reset(); }
    Patch* patch() override { return this; }
    Meters* meters() override { return this; }
    std::string code_to_keep() override {
        const auto code = sound_.code_to_keep();
        return code ? faust_code_text(*code) : "";
    }

    std::unique_ptr<Processor> another(const BlockSettings& settings) override {
        const auto code = code_ ? code_ : sound_.code_to_keep();
        if (!code) return nullptr;
        return std::make_unique<FaustProcessor>(operand_, settings, code);
    }

    Record details() override { return faust_details(sound_, operand_); }

    const float* const* process(const Block& block) override {
        std::optional<NoDenormals> no_denormals;
        if (!block.keep_denormals) no_denormals.emplace();
        for (const auto& [index, value] : block.parameters) set_parameter(index, value);
        if (wide_outputs_) {
            widen(block);
            compute(block, block.audio ? wide_inputs_->pointers.data() : nullptr, *wide_outputs_);
            narrow(block.frames);
        } else {
            compute(block, block.audio, outputs_);
        }
        for (std::size_t i = 0; i < meters_.size(); ++i)
            meters_[i] = static_cast<float>(sound_.shown(i));
        return outputs_.pointers.data();
    }

    const double* const* wide_samples() const override {
        return wide_outputs_ ? wide_outputs_->pointers.data() : nullptr;
    }

    void load_preset(std::string_view bytes, const std::string& path,
                     std::string_view format) override {
        if (format != "rc")
            throw Error(ErrorKind::wrong_plugin, path,
                        "is a preset of the format " + std::string(format) + ", and " + info_.name +
                            " is a Faust program, which loads only the values of "
                            "its controls as Faust's own programs save them");
        load_state(bytes, path);
    }

    void load_state(std::string_view bytes, const std::string& path) override {
        for (const auto& [control, value] : read_control_values(bytes, path, controls_))
            sound_.set(control, value);
    }

    std::string state() override { return save(); }
    bool keeps_state() const override { return false; }
    std::string save() override {
        std::vector<double> values;
        for (std::size_t i = 0; i < controls_.size(); ++i) values.push_back(sound_.value(i));
        return write_control_values(controls_, values);
    }
    void load_saved(std::string_view bytes) override { load_state(bytes, info_.name); }

    void move_parameters() override {
        constexpr double part = 0.99, least = 0.005;  // a switch stays where it is
        for (std::size_t i = 0; i < parameters_.size(); ++i)
            set_parameter(i, least + part * parameters_[i].normalised(sound_.value(i)));
    }

    std::vector<ParameterName> parameter_names() const override {
        std::vector<ParameterName> names;
        for (std::size_t i = 0; i < names_.size(); ++i)
            names.push_back({.id = controls_[i]->address, .name = names_[i]});
        return names;
    }

    Parameter parameter(std::size_t index) const override {
        const auto& control = *controls_.at(index);
        const auto& parameter = parameters_.at(index);
        Parameter shown;
        shown.id = control.address;
        shown.name = names_.at(index);
        shown.unit = parameter.unit();
        shown.value = parameter.normalised(sound_.value(index));
        shown.text = parameter.text(sound_.value(index));
        shown.default_value = parameter.normalised(control.init);
        shown.steps = parameter.steps();
        if (control.min < control.max)
            shown.own = {
                .minimum = control.min, .maximum = control.max, .value = sound_.value(index)};
        shown.is_button = control.kind == FaustItem::Kind::button;
        return shown;
    }

    void set_parameter(std::size_t index, double value) override {
        sound_.set(index, parameters_.at(index).natural(value));
    }

    void set_own_value(std::size_t index, double value) override {
        const auto& parameter = parameters_.at(index);
        sound_.set(index,
                   parameter.steps() ? parameter.natural(parameter.normalised(value)) : value);
    }

    std::optional<std::string> parameter_text(std::size_t index, double value) const override {
        return parameters_.at(index).text(parameters_.at(index).natural(value));
    }

    std::optional<double> parameter_value(std::size_t index, const std::string& text) override {
        const auto& parameter = parameters_.at(index);
        const auto value = parameter.value_of(text);
        return value ? std::optional(parameter.normalised(*value)) : std::nullopt;
    }

    std::vector<MeterName> meter_names() const override {
        const auto names = control_names(bargraphs_);
        std::vector<MeterName> meters;
        for (std::size_t i = 0; i < bargraphs_.size(); ++i) {
            const auto& bargraph = *bargraphs_[i];
            const auto* unit = bargraph.meta("unit");
            meters.push_back({.id = bargraph.address,
                              .name = names[i],
                              .unit = unit ? *unit : "",
                              .range = {{.minimum = bargraph.min, .maximum = bargraph.max}}});
        }
        return meters;
    }
    std::span<const float> meter_values() const override { return meters_; }

 private:
    // The block, with what its events do at their frames.
    template <typename Sample>
    void compute(const Block& block, const Sample* const* audio, FaustChannels<Sample>& outputs) {
        int done = 0;
        for (const auto& event : block.events) {
            const auto changes = bindings_.changes(event.bytes);
            if (changes.empty() && !sound_.voices()) continue;
            compute_part(done, event.offset, audio, outputs);
            done = event.offset;
            for (const auto& change : changes) take(change);
            if (sound_.voices()) play(*sound_.voices(), event.bytes);
        }
        compute_part(done, block.frames, audio, outputs);
    }

    // The frames from `begin` to `end`.
    template <typename Sample>
    void compute_part(int begin, int end, const Sample* const* audio,
                      FaustChannels<Sample>& outputs) {
        if (begin == end) return;
        auto& part = std::get<Part<Sample>>(parts_);
        part.inputs.assign(static_cast<std::size_t>(info_.inputs), nullptr);
        if (audio)
            for (std::size_t i = 0; i < part.inputs.size(); ++i)
                if (audio[i]) part.inputs[i] = audio[i] + begin;
        part.outputs.clear();
        for (auto* output : outputs.pointers) part.outputs.push_back(output + begin);
        sound_.compute(end - begin, part.inputs.data(), part.outputs);
    }

    void widen(const Block& block) {
        if (!block.audio) return;
        for (std::size_t i = 0; i < wide_inputs_->pointers.size(); ++i)
            if (block.audio[i])
                std::copy_n(block.audio[i], block.frames, wide_inputs_->pointers[i]);
            else
                std::fill_n(wide_inputs_->pointers[i], block.frames, 0.0);
    }

    void narrow(int frames) {
        for (std::size_t i = 0; i < outputs_.pointers.size(); ++i)
            std::transform(wide_outputs_->pointers[i], wide_outputs_->pointers[i] + frames,
                           outputs_.pointers[i],
                           [](double sample) { return static_cast<float>(sample); });
    }

    void take(const FaustMidiChange& change) {
        if (change.channel)
            sound_.set_on_channel(*change.channel, change.control, change.value);
        else
            sound_.set(change.control, change.value);
    }

    void play(FaustVoices& voices, std::span<const std::uint8_t> bytes) {
        if (bytes.size() < 3) return;
        const int kind = bytes[0] & 0xf0, channel = bytes[0] & 0x0f;
        const int first = bytes[1], second = bytes[2];
        if (kind == 0x90 && second > 0)
            voices.note_on(channel, first, second);
        else if (kind == 0x80 || kind == 0x90)
            voices.note_off(channel, first);
        if (kind != 0xb0) return;
        constexpr int pedal = 64, half = 64, all_sound_off = 120, all_notes_off = 123;
        if (first == pedal && !bindings_.has_controller(pedal))
            voices.set_pedal(channel, second >= half);
        if (first == all_sound_off) voices.silence(channel);
        if (first == all_notes_off) voices.release_all(channel);
    }

    void take_info(const std::string& path) {
        info_ = {.name = std::string(file_name(path)),
                 .vendor = "",
                 .version = "",
                 .kind = std::string(faust_kind),
                 .id = path,
                 .is_instrument = sound_.voices() || bindings_.has_notes(),
                 .inputs = sound_.inputs()};
        for (const auto& [key, value] : sound_.metadata()) {
            if (key == "name") info_.name = readable(value);
            if (key == "author") info_.vendor = readable(value);
            if (key == "version") info_.version = readable(value);
        }
    }

    DspOperand operand_;
    std::optional<FaustCode> code_;  // if it did not have to be made
    FaustSound sound_;
    std::vector<const FaustItem*> controls_, bargraphs_;
    std::vector<float> meters_;  // what the bargraphs show
    FaustMidiBindings bindings_;
    ProcessorInfo info_;
    std::vector<FaustParameter> parameters_;
    std::vector<std::string> names_;
    FaustChannels<float> outputs_;
    std::optional<FaustChannels<double>> wide_inputs_, wide_outputs_;  // if it computes in double
    std::tuple<Part<float>, Part<double>> parts_;
};

}  // namespace

std::unique_ptr<Processor> open_faust(const Source& source, const BlockSettings& settings) {
    const auto text = kept_code(source_hash(source));
    auto processor = std::make_unique<FaustProcessor>(read_dsp_operand(source.identifier), settings,
                                                      text ? read_faust_code(*text) : std::nullopt);
    // Code and data that the first call touches are then there for every fork.
    (void)processor->process({.frames = settings.block_size});
    processor->settle();
    return processor;
}

}  // namespace patchpipe
