// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which notes of a track sound at a moment, and how high they are. Notes are looked up by time, in
// steps that do not grow with the song.
#pragma once

#include <optional>
#include <vector>

#include "draw/scene.h"

namespace patchpipe {

class NoteFinder {
 public:
    /// The track must outlive this.
    explicit NoteFinder(const SceneTrack& track);

    /// Calls use(note, index) for each note that sounds between two times, in order of their
    /// beginnings.
    template <typename Use>
    void between(double begin, double end, const Use& use) const {
        for (auto i = first_at(begin); i < track_->notes.size() && track_->notes[i].time < end; ++i)
            if (track_->notes[i].end() > begin) use(track_->notes[i], i);
    }

    /// The index of the note that began last and sounds at that time.
    [[nodiscard]] std::optional<std::size_t> newest_at(double time) const;
    /// How many notes have begun by that time.
    [[nodiscard]] std::size_t begun_by(double time) const;
    /// True if the bend changes while the note sounds.
    [[nodiscard]] bool slides(const SceneNote& note) const;
    /// The bend in semitones of a MIDI channel.
    [[nodiscard]] double bend_at(double time, int channel) const;
    /// In Hz, of the note that began last.
    [[nodiscard]] std::optional<double> pitch_at(double time) const;

 private:
    [[nodiscard]] std::size_t first_at(double time) const;

    const SceneTrack* track_;
    std::vector<double> latest_ends_;  // of the notes up to each
    std::vector<std::vector<SceneBend>> bends_;
};

}  // namespace patchpipe
