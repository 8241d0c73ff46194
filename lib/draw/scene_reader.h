// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Gathers a Scene from records: of a song (patchpipe-song(5)), and of audio files for its tracks,
// which have an output_path and a track.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "draw/scene.h"
#include "record/record.h"
#include "song/song_model.h"

namespace patchpipe {

class SceneReader {
 public:
    /// Records of other types are ignored. Throws Error bad-record, unsupported for too many, and
    /// the error of an error record.
    void add(const Record& record);

    /// Call it once, last.
    [[nodiscard]] Scene finish();

 private:
    struct Event {
        std::string line;  // which takes less room than its record
        bool is_note;
    };
    struct Span {
        double begin, end;
    };

    void count(std::size_t things);
    void add_stem(const Record& record);
    void add_clip(const Record& record);
    void add_row(const Record& record);
    void add_event(const Record& record, bool is_note);
    void place(const Event& event);
    void add_note(SceneTrack& track, const Record& record, double time);
    void add_bend(SceneTrack& track, const Record& record, double time);
    [[nodiscard]] double seconds(const Record& record, std::string_view time,
                                 std::string_view beat) const;

    Scene scene_;
    SongModel tempo_records_{true};
    std::vector<Record> signatures_, items_;
    std::vector<Event> events_;
    std::size_t counted_ = 0;  // notes, controls, rows and cells
    std::unordered_map<std::string, Span> item_spans_;
    std::unordered_map<std::string, double> bend_ranges_;  // semitones, by track
};

}  // namespace patchpipe
