// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The fault synth without its plug-in formats: a decaying tone a note, and the faults of
// fault_table.h. Its faces are in fault_synth.cpp.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fault_table.h"

namespace patchpipe {

/// Brings samples on a thread of its own, as a sampler does that streams from a disk.
class SampleThread;

class FaultCore {
 public:
    /// The environment variable FAULT_ON_LOAD may name a row of the table. One that strikes while
    /// the plug-in is loaded does so here; any other takes the place of the well-behaved program,
    /// with which a plug-in starts.
    FaultCore();
    ~FaultCore();
    FaultCore(const FaultCore&) = delete;
    FaultCore& operator=(const FaultCore&) = delete;

    /// Choosing a program, as a host does in a menu, does no harm unless the environment variable
    /// FAULT_ON_CHOICE names it: that is a SIGSEGV.
    [[nodiscard]] int program() const { return program_; }
    void choose(int program);

    /// Takes a state that state() gave: the fault of its program may strike. Another state is
    /// ignored.
    void load_state(std::string_view state);
    void load_program(int program);
    /// What the plug-in says of the last state that any instance was given: true, it was taken.
    [[nodiscard]] static bool answer() { return answer_; }
    [[nodiscard]] std::string state() const;

    [[nodiscard]] bool has(Fault fault) const { return row().fault == fault; }

    /// Frames, as it is to be reported now.
    [[nodiscard]] int latency_frames() const { return latency_; }

    void prepare(double sample_rate);
    void reset();

    void note_on(int note, float velocity);
    void note_off(int note);
    void end_all_notes() { voices_.clear(); }

    /// Writes, does not add.
    void render(float* left, float* right, int frames);

 private:
    struct Voice {
        int note;
        double level;  ///< of the next frame
        double turns, turns_a_frame;
        std::int64_t frame;
    };

    [[nodiscard]] const FaultRow& row() const;
    void reach(Stage stage);
    [[nodiscard]] double sample(Voice& voice);
    [[nodiscard]] float delayed(float value);

    static bool answer_;

    std::size_t first_ = 0;  ///< the row of program 0
    int program_ = 0;
    int latency_ = 0;
    double sample_rate_ = 44100;
    std::vector<Voice> voices_;
    std::uint64_t seed_ = 0;
    std::vector<std::uint8_t> heap_;  ///< a copy of what malloc() gave
    std::vector<float> delay_;
    std::size_t delay_at_ = 0;
    std::unique_ptr<SampleThread> thread_;
};

}  // namespace patchpipe
