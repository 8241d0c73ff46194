// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Writes song records as a Standard MIDI File: notes and controls, tempos, signatures and markers.
// What a MIDI file cannot hold is left out.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "song/song_model.h"

namespace patchpipe {

/// Which notes go to the channel for drums.
enum class DrumNotes {
    given,   ///< those of samples with a drum_note, which is the note there
    guessed  ///< and those of samples whose names say which drum they are
};

/// The file's bytes. The tracks of a song that was a MIDI file are as they were; those of any other
/// come behind one with what the song has as a whole. Of an item only what it plays is written: the
/// active take, within the item's time, repeated if it is a loop. A ramp of the tempo becomes steps
/// of a quarter of a beat, so that each step is at its time, and longer ones where that makes more
/// than 20,000 of all ramps together. Throws Error bad-record, and unsupported for a song that is
/// too long or repeats too much.
[[nodiscard]] std::string build_midi(const SongModel& song, DrumNotes drums = DrumNotes::given);

/// What one instrument plays of a song.
struct MidiPart {
    /// For each channel, counted from 0, the one that it goes to; -1 leaves it out.
    using Channels = std::array<int, 16>;
    static constexpr Channels all = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};

    std::string owner;  ///< a take, or a track whose events are in no item
    Channels channels = all;
};

/// The files that the instruments of one song play.
class SongParts {
 public:
    /// The song must outlive it. Throws as build_midi() does.
    explicit SongParts(const SongModel& song);
    ~SongParts();

    /// A file with the tempos and signatures of the song, and one track with these parts. Its ticks
    /// are fine enough for items that begin between those of the song. Ramps have steps of a 64th
    /// of a beat, or longer ones as above. Throws as the function above does, and Error unsupported
    /// if the parts of all files together have more than a million events.
    [[nodiscard]] std::string build_midi(const std::vector<MidiPart>& parts);

 private:
    struct Writer;
    std::unique_ptr<Writer> writer_;
};

}  // namespace patchpipe
