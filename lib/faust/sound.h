// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What computes the sound of a Faust program: one dsp object, or the voices of an instrument and
// the effect that their sum goes through, with the controls of all as one list. Not here: hosts'
// parameters and MIDI (processor.h).
#pragma once

#include <memory>
#include <vector>

#include "faust/machine_code.h"
#include "faust/soundfiles.h"
#include "faust/voices.h"
#include "plugin/dsp_operand.h"

namespace patchpipe {

class FaustSound {
 public:
    /// Compiles it. The operand says how many voices it has, or the program does ("declare options
    /// "[nvoices:8]"", or "declare nvoices "8""); otherwise a program with a gate and without
    /// inputs has one voice, and any other none. Throws what FaustProgram, FaustInstance and
    /// FaustSoundfiles throw, and Error unsupported for voices that the program cannot have.
    /// Takes code that code_to_keep() gave in place of compiling.
    FaustSound(const DspOperand& operand, const BlockSettings& settings,
               const std::optional<FaustCode>& code);

    /// The machine code, if it was made now.
    [[nodiscard]] std::optional<FaustCode> code_to_keep() const;

    [[nodiscard]] int inputs() const { return model().inputs(); }
    [[nodiscard]] int outputs() const { return (effect_ ? *effect_ : model()).outputs(); }
    [[nodiscard]] std::vector<std::pair<std::string, std::string>> metadata() const {
        return model().metadata();
    }

    [[nodiscard]] const FaustProgram& program() const { return program_; }
    /// The groups and other items of the program, then those of the effect.
    [[nodiscard]] std::vector<FaustItem> interface() const;

    /// Null if notes are not played.
    [[nodiscard]] FaustVoices* voices() { return voices_.get(); }

    /// The controls of the program, then those of the effect.
    [[nodiscard]] std::vector<const FaustItem*> controls() const;
    [[nodiscard]] double value(std::size_t control) const;
    void set(std::size_t control, double value);
    /// The same for the voices of a channel only. What is no voice has it for all channels.
    void set_on_channel(int channel, std::size_t control, double value);

    /// The bargraphs of the program, then those of the effect, and what they show.
    [[nodiscard]] std::vector<const FaustItem*> bargraphs() const;
    [[nodiscard]] double shown(std::size_t bargraph) const;

    /// Clears everything that sounds, and forgets what was set for single channels.
    void reset();

    /// Computes the next frames. Sample is that of FaustInstance::compute().
    template <typename Sample>
    void compute(int frames, const Sample* const* inputs, const std::vector<Sample*>& outputs);

 private:
    [[nodiscard]] const FaustInstance& model() const {
        return voices_ ? voices_->model() : *plain_;
    }
    void add_effect(const DspOperand& operand, const BlockSettings& settings,
                    const std::optional<FaustCode>& code);
    template <typename Sample>
    void mix_for_effect(int frames);

    FaustProgram program_;
    FaustSoundfiles soundfiles_;
    std::unique_ptr<FaustInstance> plain_;  // one of these two is set
    std::unique_ptr<FaustVoices> voices_;
    std::unique_ptr<FaustProgram> effect_program_;
    std::unique_ptr<FaustInstance> effect_;
    AnyFaustChannels mix_, effect_inputs_;  // empty without an effect
};

}  // namespace patchpipe
