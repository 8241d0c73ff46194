// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// One plug-in's measurements: plays the signals one after the other, and gathers what their answers
// say as fields and as curves.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "job/signal_player.h"
#include "record/record.h"

namespace patchpipe {

/// What effects are measured with.
struct SignalSettings {
    double length = 1;                ///< seconds of silence, impulse, step and noise
    double level = 1;                 ///< of the impulse and the step, linear
    std::optional<double> tone = {};  ///< Hz; by default 997, or a quarter of a low sample rate
    double tone_level = 1;            ///< of the tone and of the sweep: the peak, linear
    double settling = 0.5;            ///< seconds of a tone or note before those that are looked at
};

class MeasuredRecord {
 public:
    /// Takes a curve: rows of one length.
    using TakeCurve = std::function<void(std::string_view name, const Channels& rows)>;

    /// Instruments play the job's note. player must outlive this.
    MeasuredRecord(SignalPlayer& player, const SignalSettings& settings, const Record& job,
                   TakeCurve curve);

    /// Plays everything that an effect, an instrument, or what is neither, is measured with. Throws
    /// Error bad-record for a tone that the sample rate cannot have.
    void measure();

    /// Compares the answers to the same signal of another plug-in. Throws Error unsupported if it
    /// has another number of channels, and non-finite.
    void measure_against(SignalPlayer& other);

    [[nodiscard]] const Record& fields() const { return fields_; }

    /// Removes all fields that a measurement sets.
    static void forget(Record& record);

 private:
    // How many signals gave such samples, and how many samples in all.
    struct Bad {
        std::int64_t samples = 0;
        std::vector<std::string> signals = {};

        void add(std::int64_t count, std::string_view signal);
    };

    /// The answer channel by channel; nothing if some samples are not finite.
    [[nodiscard]] std::optional<Channels> play(const Signal& signal, std::string_view name);
    [[nodiscard]] Signal signal_of(SignalKind kind, double level) const;
    [[nodiscard]] Signal usual_signal() const;
    [[nodiscard]] bool has(std::string_view flag) const;
    void measure_silence();
    void measure_impulse();
    void measure_step();
    void measure_tone();
    void measure_sweep();
    void measure_note();
    void measure_note_sweep();
    void measure_time();
    void set_optional(std::string_view key, std::optional<double> value);
    void set_aliasing(std::string_view key, const Channels& curve);
    [[nodiscard]] double tone() const;
    [[nodiscard]] std::int64_t settling() const;
    void set_bad_samples();
    void set_calls();

    SignalPlayer& player_;
    SignalSettings settings_;
    Signal note_;  // of the job
    TakeCurve curve_;
    int rate_;
    std::int64_t latency_ = 0;  // as reported
    Record fields_{"{}"};
    Bad non_finite_, denormal_;
    std::map<std::string, PluginCall> calls_;
};

}  // namespace patchpipe
