// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The signals that a processor is measured with: audio for effects, notes for instruments. Not
// here: playing them (play.h), and what is made of the answer.
#pragma once

#include <cstdint>
#include <string_view>

#include "record/record.h"
#include "render/render.h"

namespace patchpipe {

enum class SignalKind {
    silence,
    impulse,  ///< one frame at the level, then silence
    step,     ///< the level, for ever
    tone,     ///< a sine from phase 0
    noise,    ///< white, uniform between plus and minus the level; the same in every run
    note,     ///< a MIDI note at frame 0
};

/// All inputs get the same audio.
struct Signal {
    SignalKind kind = SignalKind::silence;
    double level = 1;  ///< the peak, linear
    std::int64_t frames = 0;
    double value = 0;       ///< of a tone its frequency in Hz, of a note its number
    std::int64_t held = 0;  ///< of a note: frames between note-on and note-off
    int velocity = 127;
};

/// The signal as a request has it, and back. Reading throws Error bad-record.
[[nodiscard]] Record signal_record(const Signal& signal);
[[nodiscard]] Signal read_signal(const Record& record);

/// "silence", "impulse" and so on, as in records.
[[nodiscard]] std::string_view to_string(SignalKind kind);

/// What the render loop plays.
[[nodiscard]] Score signal_score(const Signal& signal, int sample_rate);

/// Writes frames `begin` and on of the signal's audio, the same in every channel.
void fill_signal(const Signal& signal, int sample_rate, std::int64_t begin, float* samples,
                 int frames);

/// The frequency nearest to `frequency` of which an odd number of periods fits into `frames`, a
/// power of two: neither the tone nor what a distortion makes of it leaks into the other bins of
/// the transform, and no harmonic that is folded back at half the sample rate meets another.
/// frequency is above 0 and below half the sample rate.
struct CoherentTone {
    std::int64_t periods;  ///< the tone's bin
    double frequency;      ///< Hz
};
[[nodiscard]] CoherentTone coherent_tone(double frequency, std::int64_t frames, int sample_rate);

}  // namespace patchpipe
