// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What plain_synth plays: sines and clicks whose every frame a test can compute. Not here: the VST2
// interface, programs and parameters (plain_synth.cpp).
#pragma once

#include <array>
#include <cstdint>
#include <vector>

namespace patchpipe {

/// A MIDI message at a frame of the block; of a sysex only the first three bytes.
struct PlainEvent {
    int frame;
    std::array<std::uint8_t, 3> bytes;
};

class PlainVoices {
 public:
    void set_sample_rate(double hertz) { sample_rate_ = hertz; }

    /// Ends all notes and resets every controller to its initial value.
    void reset();

    /// Renders a block into two channels, each event at its frame; the right channel is half the
    /// left. Level is linear, transposition in semitones.
    void render(const std::vector<PlainEvent>& events, double level, double transposition,
                float* left, float* right, int frames);

 private:
    struct Voice {
        int midi_channel;
        int note;
        double velocity;  ///< 0 to 1
        double turns;     ///< phase; a note starts at 0, the crest
    };
    struct Controllers {
        double level = 1;     ///< CC 7, 0 to 1
        double bend = 0;      ///< semitones, -2 to 2
        double pressure = 0;  ///< 0 to 1
    };

    void handle(const PlainEvent& event, float* left, float* right, int frame);
    void note_on(int midi_channel, int note, int velocity);
    void note_off(int midi_channel, int note);
    void control_change(int midi_channel, int controller, int value);
    void render_span(double level, double transposition, float* left, float* right, int from,
                     int to);

    double sample_rate_ = 44100;
    std::vector<Voice> voices_;
    std::array<Controllers, 16> controllers_;
};

}  // namespace patchpipe
