// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// One dsp object of a Faust program: its controls, and what it computes.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "faust/interface.h"
#include "faust/program.h"

namespace patchpipe {

class FaustInstance {
 public:
    /// Makes an object and prepares it for that rate and blocks of at most so many frames. The
    /// program must outlive it. The first of a program prepares the tables that all share. Throws
    /// Error plugin-load if the library gives none, and unsupported for one without outputs, or
    /// with more channels than can be played.
    FaustInstance(const FaustProgram& program, int sample_rate, int block_size, bool first = true);

    [[nodiscard]] int inputs() const { return inputs_; }
    [[nodiscard]] int outputs() const { return outputs_; }
    [[nodiscard]] const std::vector<FaustItem>& interface() const { return interface_; }
    [[nodiscard]] std::vector<std::pair<std::string, std::string>> metadata() const {
        return faust_metadata(program_.backend(), dsp_.get());
    }

    /// The items that have a value to be set, in the order of the program.
    [[nodiscard]] const std::vector<const FaustItem*>& controls() const { return controls_; }
    /// In the program's own unit; takes effect with the next frame.
    [[nodiscard]] double value(std::size_t control) const;
    void set(std::size_t control, double value);

    /// The items that show a value, in the order of the program.
    [[nodiscard]] const std::vector<const FaustItem*>& bargraphs() const { return bargraphs_; }
    /// What was computed last; the minimum before that.
    [[nodiscard]] double shown(std::size_t bargraph) const {
        return read(*bargraphs_.at(bargraph));
    }

    /// Clears delays, filters and tables, as after it was made. The controls stay.
    void clear();

    /// Computes the next frames, at most the block size, into as many channels as there are
    /// outputs. inputs has a pointer for each input; null, there or for one of them, is silence.
    /// Sample must be the program's: double if it is_double(), else float.
    template <typename Sample>
    void compute(int frames, const Sample* const* inputs, Sample* const* outputs);

 private:
    [[nodiscard]] double read(const FaustItem& item) const;
    void write(const FaustItem& item, double value);

    const FaustProgram& program_;
    std::unique_ptr<void, void (*)(void*)> dsp_;
    int sample_rate_;
    int inputs_ = 0, outputs_ = 0;
    std::vector<FaustItem> interface_;
    std::vector<const FaustItem*> controls_, bargraphs_;
    std::vector<double> silence_;  // as floats it is silence too
    std::vector<float*> input_pointers_, output_pointers_;
};

}  // namespace patchpipe
