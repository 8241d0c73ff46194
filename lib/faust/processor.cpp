// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "faust/processor.h"

#include <algorithm>

#include "base/error.h"
#include "base/json.h"
#include "faust/instance.h"
#include "faust/no_denormals.h"
#include "faust/parameters.h"
#include "faust/program.h"
#include "file/absolute.h"
#include "plugin/dsp_operand.h"
#include "render/patch.h"

namespace patchpipe {
namespace {

class FaustProcessor : public Processor, public Patch {
 public:
    FaustProcessor(const DspOperand& operand, const BlockSettings& settings)
        : program_(operand.path,
                   {.options = operand.compile_options, .interpreter = operand.interpreter}),
          instance_(program_, settings.sample_rate, settings.block_size) {
        take_info(operand.path);
        for (const auto* control : instance_.controls()) parameters_.emplace_back(*control);
        names_ = control_names(instance_.controls());
        outputs_.resize(static_cast<std::size_t>(instance_.outputs()),
                        std::vector<float>(static_cast<std::size_t>(settings.block_size)));
        for (auto& output : outputs_) pointers_.push_back(output.data());
    }

    const ProcessorInfo& info() const override { return info_; }
    int channels() const override { return instance_.outputs(); }
    int latency_frames() const override { return 0; }
    void settle() override { instance_.clear(); }

    const float* const* process(const Block& block) override {
        const NoDenormals no_denormals;
        for (const auto& [index, value] : block.parameters) set_parameter(index, value);
        instance_.compute(block.frames, block.audio, pointers_.data());
        return pointers_.data();
    }

    Patch* patch() override { return this; }

    void load_preset(std::string_view /*bytes*/, const std::string& path,
                     std::string_view format) override {
        throw Error(ErrorKind::wrong_plugin, path,
                    "is a preset of the format " + std::string(format) + ", which " + info_.name +
                        ", a Faust program, cannot load");
    }

    void load_state(std::string_view bytes, const std::string& /*path*/) override {
        load_saved(bytes);
    }

    std::string state() override { return save(); }
    bool keeps_state() const override { return false; }

    std::string save() override {
        std::string lines;
        for (std::size_t i = 0; i < parameters_.size(); ++i)
            lines +=
                json_number(instance_.value(i)) + " " + instance_.controls()[i]->address + "\n";
        return lines;
    }

    void load_saved(std::string_view /*bytes*/) override {}

    void move_parameters() override {}

    std::vector<ParameterName> parameter_names() const override {
        std::vector<ParameterName> names;
        for (std::size_t i = 0; i < names_.size(); ++i)
            names.push_back({.id = instance_.controls()[i]->address, .name = names_[i]});
        return names;
    }

    Parameter parameter(std::size_t index) const override {
        const auto& control = *instance_.controls().at(index);
        const auto& parameter = parameters_.at(index);
        Parameter shown;
        shown.id = control.address;
        shown.name = names_.at(index);
        shown.unit = parameter.unit();
        shown.value = parameter.normalised(instance_.value(index));
        shown.text = parameter.text(instance_.value(index));
        shown.default_value = parameter.normalised(control.init);
        shown.steps = parameter.steps();
        return shown;
    }

    void set_parameter(std::size_t index, double value) override {
        instance_.set(index, parameters_.at(index).natural(value));
    }

    std::optional<double> parameter_value(std::size_t index, const std::string& text) override {
        const auto& parameter = parameters_.at(index);
        const auto value = parameter.value_of(text);
        return value ? std::optional(parameter.normalised(*value)) : std::nullopt;
    }

 private:
    void take_info(const std::string& path) {
        info_ = {.name = std::string(file_name(path)),
                 .vendor = "",
                 .version = "",
                 .kind = std::string(faust_kind),
                 .id = path,
                 .inputs = instance_.inputs()};
        for (const auto& [key, value] : instance_.metadata()) {
            if (key == "name") info_.name = value;
            if (key == "author") info_.vendor = value;
            if (key == "version") info_.version = value;
        }
    }

    FaustProgram program_;
    FaustInstance instance_;
    ProcessorInfo info_;
    std::vector<FaustParameter> parameters_;
    std::vector<std::string> names_;
    std::vector<std::vector<float>> outputs_;
    std::vector<float*> pointers_;
};

}  // namespace

std::unique_ptr<Processor> open_faust(const Source& source, const BlockSettings& settings) {
    auto processor =
        std::make_unique<FaustProcessor>(read_dsp_operand(source.identifier), settings);
    // Code and data that the first call touches are then there for every fork.
    (void)processor->process({.frames = settings.block_size});
    processor->settle();
    return processor;
}

}  // namespace patchpipe
