// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// When the clips of a track's notes are seen, which part of a video is, and how notes that sound
// together share the room.
#pragma once

#include <cstdint>
#include <vector>

#include "draw/scene.h"
#include "draw/view.h"

namespace patchpipe {

/// A note as a clip plays it.
struct ClipNote {
    double begin = 0, end = 0;  ///< seconds, from when until when it is seen
    double speed = 1;           ///< of a video
    bool flipped = false;
    std::size_t clip = 0;  ///< the index among the scene's clips, or no_clip

    static constexpr std::size_t no_clip = SIZE_MAX;
};

class ClipTimes {
 public:
    ClipTimes(const Scene& scene, const SceneTrack& track, const ViewSettings& settings);

    /// In order of their beginnings.
    [[nodiscard]] const std::vector<ClipNote>& notes() const { return notes_; }

    /// Those that are seen at that time, in order of their beginnings.
    [[nodiscard]] std::vector<ClipNote> at(double time) const;

 private:
    std::vector<ClipNote> notes_;
    std::vector<double> latest_ends_;  // of the notes up to each
};

/// The clip of a note: of those that fit, the one that names the track and the sample, else the
/// sample, else the track, else neither. no_clip if there is none.
[[nodiscard]] std::size_t clip_of(const Scene& scene, const SceneTrack& track,
                                  const SceneNote& note);

/// The picture of a video with that many to show so long after the note began, of a note that is
/// seen for that long.
[[nodiscard]] std::int64_t picture_at(double seconds, double length, double speed,
                                      std::int64_t pictures, const FrameRate& rate,
                                      ClipSettings::Short when_short);

}  // namespace patchpipe
