// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "faust/sound.h"

#include <algorithm>
#include <string_view>

#include "base/error.h"
#include "base/number.h"

namespace patchpipe {
namespace {

constexpr int most_voices = 256;

FaustSettings settings_of(const DspOperand& operand) {
    return {.options = operand.compile_options, .interpreter = operand.interpreter};
}

// "[midi:on][nvoices:8]" as the value of "options", or the number as that of "nvoices".
std::optional<int> declared_voices(
    const std::vector<std::pair<std::string, std::string>>& metadata) {
    for (const auto& [key, value] : metadata) {
        constexpr std::string_view mark = "[nvoices:";
        auto text = std::string_view(value);
        if (key == "options") {
            const auto found = text.find(mark);
            if (found == text.npos) continue;
            text = text.substr(found + mark.size());
            text = text.substr(0, text.find(']'));
        } else if (key != "nvoices") {
            continue;
        }
        if (const auto number = parse_whole<int>(text); number && *number >= 0)
            return std::min(*number, most_voices);
    }
    return {};
}

int voices_of(const FaustInstance& instance, const DspOperand& operand) {
    const auto notes = FaustVoices::note_controls(instance.controls());
    if (operand.voices) {
        if (*operand.voices > 0 && notes.gates.empty() && !operand.impulse_test)
            throw Error(ErrorKind::unsupported, operand.path,
                        "has no voices: it has no control \"gate\" that notes could set; leave "
                        "nvoices out");
        return *operand.voices;
    }
    if (notes.gates.empty()) return 0;
    return declared_voices(instance.metadata()).value_or(instance.inputs() == 0 ? 1 : 0);
}

}  // namespace

FaustSound::FaustSound(const DspOperand& operand, const BlockSettings& settings,
                       const std::optional<FaustCode>& code)
    : program_(operand.path, settings_of(operand), code ? code->program : ""),
      soundfiles_(operand, settings.sample_rate, program_.is_double()),
      plain_(std::make_unique<FaustInstance>(program_, settings.sample_rate, settings.block_size)),
      mix_(faust_channels(program_.is_double(), 0, 0)),
      effect_inputs_(faust_channels(program_.is_double(), 0, 0)) {
    const int voices = voices_of(*plain_, operand);
    if (voices == 0) {
        soundfiles_.give_to(leaves_of(plain_->interface()));
        return;
    }
    plain_.reset();
    voices_ = std::make_unique<FaustVoices>(program_, voices, settings);
    soundfiles_.give_to(voices_->all_leaves());
    if (!operand.impulse_test) add_effect(operand, settings, code);
}

std::optional<FaustCode> FaustSound::code_to_keep() const {
    FaustCode code{.program = program_.machine_code(), .effect = {}};
    if (code.program.empty()) return {};
    if (effect_program_) code.effect = effect_program_->machine_code();
    return code;
}

void FaustSound::add_effect(const DspOperand& operand, const BlockSettings& settings,
                            const std::optional<FaustCode>& code) {
    if (code && !code->effect) return;
    effect_program_ =
        FaustProgram::effect_of(operand.path, settings_of(operand), code ? *code->effect : "");
    if (!effect_program_) return;
    effect_ = std::make_unique<FaustInstance>(*effect_program_, settings.sample_rate,
                                              settings.block_size);
    soundfiles_.give_to(leaves_of(effect_->interface()));
    const auto from = model().outputs(), to = effect_->inputs();
    if (to == 0 || (from % to != 0 && to % from != 0))
        throw Error(ErrorKind::unsupported, operand.path,
                    "has an effect of " + std::to_string(to) + " inputs, into which the " +
                        std::to_string(from) + " outputs of its voices cannot go");
    const auto channels = [&](int count) {
        return faust_channels(program_.is_double(), static_cast<std::size_t>(count),
                              settings.block_size);
    };
    mix_ = channels(from);
    effect_inputs_ = channels(to);
}

std::vector<FaustItem> FaustSound::interface() const {
    auto all = model().interface();
    if (effect_) all.insert(all.end(), effect_->interface().begin(), effect_->interface().end());
    return all;
}

std::vector<const FaustItem*> FaustSound::controls() const {
    auto all = model().controls();
    if (effect_) all.insert(all.end(), effect_->controls().begin(), effect_->controls().end());
    return all;
}

std::vector<const FaustItem*> FaustSound::bargraphs() const {
    auto all = model().bargraphs();
    if (effect_) all.insert(all.end(), effect_->bargraphs().begin(), effect_->bargraphs().end());
    return all;
}

double FaustSound::shown(std::size_t bargraph) const {
    const auto own = model().bargraphs().size();
    if (bargraph >= own) return effect_->shown(bargraph - own);
    return voices_ ? voices_->shown(bargraph) : plain_->shown(bargraph);
}

double FaustSound::value(std::size_t control) const {
    const auto own = model().controls().size();
    if (control >= own) return effect_->value(control - own);
    return voices_ ? voices_->value(control) : plain_->value(control);
}

void FaustSound::set(std::size_t control, double value) {
    const auto own = model().controls().size();
    if (control >= own)
        effect_->set(control - own, value);
    else if (voices_)
        voices_->set(control, value);
    else
        plain_->set(control, value);
}

void FaustSound::set_on_channel(int channel, std::size_t control, double value) {
    if (voices_ && control < model().controls().size())
        voices_->set_on_channel(channel, control, value);
    else
        set(control, value);
}

void FaustSound::reset() {
    if (plain_) plain_->clear();
    if (voices_) voices_->reset();
    if (effect_) effect_->clear();
}

// As Faust's <: and :> connect them: channels are repeated, or added up.
template <typename Sample>
void FaustSound::mix_for_effect(int frames) {
    const auto& mix = std::get<FaustChannels<Sample>>(mix_).samples;
    auto& inputs = std::get<FaustChannels<Sample>>(effect_inputs_).samples;
    const auto from = mix.size(), to = inputs.size();
    for (std::size_t i = 0; i < to; ++i) {
        std::copy_n(mix[i % from].begin(), frames, inputs[i].begin());
        for (auto more = i + to; more < from; more += to)
            for (std::size_t frame = 0; frame < static_cast<std::size_t>(frames); ++frame)
                inputs[i][frame] += mix[more][frame];
    }
}

template <typename Sample>
void FaustSound::compute(int frames, const Sample* const* inputs,
                         const std::vector<Sample*>& outputs) {
    if (plain_) return plain_->compute(frames, inputs, outputs.data());
    if (!effect_) return voices_->compute(frames, inputs, outputs);
    voices_->compute(frames, inputs, std::get<FaustChannels<Sample>>(mix_).pointers);
    mix_for_effect<Sample>(frames);
    effect_->compute<Sample>(
        frames, std::get<FaustChannels<Sample>>(effect_inputs_).pointers.data(), outputs.data());
}

template void FaustSound::compute(int, const float* const*, const std::vector<float*>&);
template void FaustSound::compute(int, const double* const*, const std::vector<double*>&);

}  // namespace patchpipe
