// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The fault synth without its plug-in formats: a decaying tone for each note, and the faults of
// fault_table.h. The plug-in formats are in fault_synth.cpp.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fault_table.h"

namespace patchpipe {

/// Provides samples on a thread of its own, like a sampler that streams from a disk.
class SampleThread;

class FaultCore {
 public:
    /// The environment variable FAULT_ON_LOAD may name a row of the table. A fault of loading
    /// occurs here; any other one replaces the well-behaved program, with which the plug-in starts.
    FaultCore();
    ~FaultCore();
    FaultCore(const FaultCore&) = delete;
    FaultCore& operator=(const FaultCore&) = delete;

    /// Selecting a program, as a host does in a menu, is harmless unless the environment variable
    /// FAULT_ON_CHOICE names it: then it is a SIGSEGV.
    [[nodiscard]] int program() const { return program_; }
    void choose(int program);

    /// Loads a state made by state(); the fault of its program may occur. Any other state is
    /// ignored.
    void load_state(std::string_view state);
    void load_program(int program);
    /// Whether the last state given to any instance was accepted.
    [[nodiscard]] static bool answer() { return answer_; }
    [[nodiscard]] std::string state() const;

    [[nodiscard]] bool has(Fault fault) const { return row().fault == fault; }

    /// The number of frames to report now.
    [[nodiscard]] int latency_frames() const { return latency_; }

    void prepare(double sample_rate);
    void reset();

    void note_on(int note, float velocity);
    void note_off(int note);
    void end_all_notes() { voices_.clear(); }

    /// Overwrites the samples.
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
