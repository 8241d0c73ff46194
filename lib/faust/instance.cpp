// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "faust/instance.h"

#include <algorithm>
#include <cstring>

#include "base/error.h"

namespace patchpipe {
namespace {

// A buffer for each channel costs memory, and no audio file that we write has as many.
constexpr int most_channels = 256;

void check_channels(int inputs, int outputs, const std::string& name) {
    const auto refuse = [&](int count, const std::string& what) {
        throw Error(ErrorKind::unsupported, name,
                    "has " + std::to_string(count) + " " + what + "; at most " +
                        std::to_string(most_channels) + " can be played");
    };
    if (inputs > most_channels) refuse(inputs, "inputs");
    if (outputs > most_channels) refuse(outputs, "outputs");
    if (outputs == 0)
        throw Error(ErrorKind::unsupported, name, "has no output, and so no sound to render");
}

// LLVM's dsp objects are packed: a double in one may be at any multiple of 4.
template <typename Value>
Value load(const void* zone) {
    Value value;
    std::memcpy(&value, zone, sizeof value);
    return value;
}

template <typename Value>
void store(void* zone, Value value) {
    std::memcpy(zone, &value, sizeof value);
}

}  // namespace

FaustInstance::FaustInstance(const FaustProgram& program, int sample_rate, int block_size,
                             bool first)
    : program_(program),
      dsp_(program.backend().create(program.factory()), program.backend().destroy),
      sample_rate_(sample_rate) {
    const auto& backend = program.backend();
    if (!dsp_)
        throw Error(ErrorKind::plugin_load, program.path(), "the library gave no dsp object");
    inputs_ = backend.inputs(dsp_.get());
    outputs_ = backend.outputs(dsp_.get());
    check_channels(inputs_, outputs_, program.path());
    (first ? backend.init : backend.init_instance)(dsp_.get(), sample_rate);
    interface_ = faust_interface(backend, dsp_.get());
    for (const auto* item : leaves_of(interface_)) {
        if (item->is_control()) controls_.push_back(item);
        if (item->is_bargraph()) bargraphs_.push_back(item);
    }
    for (const auto* bargraph : bargraphs_) write(*bargraph, bargraph->min);
    // The interpreter makes these zones with the interface, and leaves them 0.
    if (program.is_double() && !program.has_double_zones())
        for (std::size_t i = 0; i < controls_.size(); ++i) set(i, controls_[i]->init);

    silence_.resize(static_cast<std::size_t>(block_size));
    input_pointers_.resize(static_cast<std::size_t>(inputs_));
    output_pointers_.resize(static_cast<std::size_t>(outputs_));
}

double FaustInstance::value(std::size_t control) const { return read(*controls_.at(control)); }

void FaustInstance::set(std::size_t control, double value) { write(*controls_.at(control), value); }

double FaustInstance::read(const FaustItem& item) const {
    return program_.has_double_zones() ? load<double>(item.zone) : double{load<float>(item.zone)};
}

void FaustInstance::write(const FaustItem& item, double value) {
    if (program_.has_double_zones())
        store(item.zone, value);
    else
        store(item.zone, static_cast<float>(value));
}

// Tables that a program writes to are filled where its constants are computed.
void FaustInstance::clear() {
    program_.backend().set_constants(dsp_.get(), sample_rate_);
    program_.backend().clear(dsp_.get());
}

// The library's function takes the inputs as if they might be changed, and does not change them. Of
// double samples too it takes pointers to float.
template <typename Sample>
void FaustInstance::compute(int frames, const Sample* const* inputs, Sample* const* outputs) {
    const auto given = [](const auto* samples) {
        return reinterpret_cast<float*>(const_cast<Sample*>(samples));
    };
    for (std::size_t i = 0; i < input_pointers_.size(); ++i)
        input_pointers_[i] =
            inputs && inputs[i] ? given(inputs[i]) : reinterpret_cast<float*>(silence_.data());
    for (std::size_t i = 0; i < output_pointers_.size(); ++i)
        output_pointers_[i] = given(outputs[i]);
    program_.backend().compute(dsp_.get(), frames, input_pointers_.data(), output_pointers_.data());
}

template void FaustInstance::compute(int, const float* const*, float* const*);
template void FaustInstance::compute(int, const double* const*, double* const*);

}  // namespace patchpipe
