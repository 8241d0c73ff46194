// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where a MIDI file has the beats of a song. A beat that is slower than its tempos can be, as where
// a module stops for some seconds, is several of its beats, so that all times are those of the
// song.
#pragma once

#include <string>
#include <vector>

namespace patchpipe {

/// The event that sets a tempo, in the file's own beats a minute; the nearest one that it can have.
[[nodiscard]] std::string midi_tempo(double bpm);

class FileBeats {
 public:
    /// Adds a tempo of the song; call it in order of beats. bpm is above 0.
    void add_tempo(double beat, double bpm);

    /// How many beats the file has for one of the song there.
    [[nodiscard]] double count(double beat) const { return piece(beat).count; }

    /// Where in the file a beat of the song is.
    [[nodiscard]] double at(double beat) const;

 private:
    struct Piece {
        double beat, in_file, count;
    };

    [[nodiscard]] const Piece& piece(double beat) const;

    std::vector<Piece> pieces_{{0, 0, 1}};
};

}  // namespace patchpipe
