// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Scores for the render loop: one note, or a MIDI file.
#pragma once

#include "midi/midi_file.h"
#include "render/render.h"

namespace patchpipe {

struct Note {
    int number;       ///< 0-127
    int velocity;     ///< 1-127
    double duration;  ///< seconds from note-on to note-off
};

/// One tempo, in quarter notes a minute, and one time signature.
[[nodiscard]] TimeMap steady_time(double bpm, int numerator, int denominator);

/// A note at frame 0 and its tail: round((duration + tail) * sample_rate) frames.
[[nodiscard]] Score note_score(const Note& note, double tail, int sample_rate);

/// A song up to duration seconds and its tail: round((duration + tail) * sample_rate) frames. Notes
/// and pedals that are still held after duration seconds are released; later events are left out.
[[nodiscard]] Score song_score(const MidiSong& song, double duration, double tail, int sample_rate);

/// What every plug-in is asked to play when two ways of rendering are compared: two notes that
/// overlap, half a second in all.
[[nodiscard]] Score probe_score(int sample_rate);

/// Ends everything that sounds, on all channels: all notes off, all sound off.
[[nodiscard]] Score silencing_score();

}  // namespace patchpipe
