// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A song as views see it: plain values out of song records and of the records of stems, with all
// times in seconds.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "draw/color.h"
#include "song/tempo_map.h"

namespace patchpipe {

struct SceneNote {
    double time = 0, length = 0;
    double note = 60;     ///< MIDI's, with a fraction for cents
    double velocity = 1;  ///< 0 to 1
    int channel = 1;      ///< MIDI's
    std::string sample;   ///< the id of what plays it, or empty

    [[nodiscard]] double end() const { return time + length; }
};

/// A bend of the notes in one MIDI channel of a track.
struct SceneBend {
    double time = 0;
    int channel = 1;
    double semitones = 0;
};

struct SceneTrack {
    std::string id, name;
    std::vector<SceneNote> notes = {};  ///< in order of time
    std::vector<SceneBend> bends = {};  ///< in order of time
    std::string stem = {};              ///< an audio file, or empty
    std::optional<Color> color = {};
};

/// A picture or a video for the notes of a track, of a sample, or of both; an empty id is any.
struct SceneClip {
    std::string track, sample;
    std::string path;      ///< empty: only the effects
    double offset = 0;     ///< seconds, where in a video it begins
    bool contain = false;  ///< all of it is seen, with room around it; else it fills its room
    std::string effects;   ///< a JSON array, or empty
};

struct SceneCell {
    int channel = 1;
    std::string note, instrument, volume, effect;  ///< as they are shown; empty: nothing
    std::string sample;                            ///< the id of what plays, or empty
};

/// A row of a module, when it is played.
struct SceneRow {
    double time = 0, length = 0;
    int order = 0, pattern = 0, row = 0;
    std::vector<SceneCell> cells;
};

struct Scene {
    std::string title;
    double length = 0;  ///< seconds, until all notes, rows and items end
    int channels = 0;   ///< of a module, or 0
    std::vector<SceneTrack> tracks;
    std::vector<SceneRow> rows;  ///< in order of time
    std::map<std::string, std::string> sample_names;
    std::map<std::string, double> base_notes;  ///< of samples, if their records have them
    std::vector<SceneClip> clips;
    TempoMap tempo;
    std::vector<SongSignature> signatures;

    /// The track with that id, which is added if it is not there.
    SceneTrack& track(const std::string& id);

 private:
    std::map<std::string, std::size_t> places_;
};

}  // namespace patchpipe
