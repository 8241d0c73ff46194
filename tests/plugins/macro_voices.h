// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What MacroSynth.vst3 plays: eight voices of a few sines, and eight macros that change them. Not
// here: the plug-in (macro_synth.cpp) and its states (macro_state.h).
#pragma once

#include <array>

namespace patchpipe {

/// Normalised values, 0 to 1; all are 0 in the init sound.
using Macros = std::array<float, 8>;

/// The names of the plug-in's parameters, in the order of the macros.
inline constexpr std::array macro_names{"Brightness",  // harmonics 2 to 6
                                        "Detune",      // of the second oscillator, up to 50 cents
                                        "Level",       // up to 12 dB
                                        "Attack",      // up to 0.5 s more
                                        "Release",     // up to 0.5 s more
                                        "Tremolo",     // 5 Hz
                                        "Sub",         // a sine an octave below
                                        "Pan"};        // right channel down to a fifth

class MacroVoices {
 public:
    /// Ends all notes at once and forgets controllers.
    void reset(double sample_rate);

    void note_on(int midi_channel, int note, float velocity);
    void note_off(int midi_channel, int note);
    void end_all_notes(int midi_channel);
    void set_bend(int midi_channel, double semitones) { bends_[midi_channel] = semitones; }
    void set_volume(int midi_channel, float volume) { volumes_[midi_channel] = volume; }

    /// Adds frames to the two channels.
    void render(const Macros& macros, float* left, float* right, int frames);

 private:
    enum class Stage { off, attack, held, release };
    struct Voice {
        Stage stage = Stage::off;
        int midi_channel = 0;
        int note = 0;
        float velocity = 0;
        float envelope = 0;
        unsigned started = 0;  ///< count of note-ons at its own: the lowest is the oldest
        double turns = 0;      ///< of the first oscillator
        double detuned_turns = 0;
        double sub_turns = 0;
        double tremolo_turns = 0;
    };

    [[nodiscard]] Voice& free_or_oldest();
    void render_voice(Voice& voice, const Macros& macros, float* left, float* right, int frames);
    void advance_envelope(Voice& voice, const Macros& macros) const;

    double sample_rate_ = 44100;
    unsigned note_ons_ = 0;
    std::array<Voice, 8> voices_{};
    std::array<double, 16> bends_{};
    std::array<float, 16> volumes_{};
};

}  // namespace patchpipe
