// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A view turns a moment of a scene into a picture. What it draws depends on the scene, its audio
// and the frame's number alone, so that frames may be drawn in any order and in several processes.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "draw/color.h"
#include "draw/scene.h"
#include "video/clip_file.h"
#include "video/frame.h"
#include "video/frame_rate.h"

namespace patchpipe {

class View {
 public:
    View() = default;
    virtual ~View() = default;
    View(const View&) = delete;
    View& operator=(const View&) = delete;

    /// Draws all of the frame with that number. It is the same object each time, so that a view may
    /// leave what did not change; then it says in frame.changed what did. Throws Error if a file
    /// cannot be read.
    virtual void draw(std::int64_t number, Frame& frame) = 0;

    /// In seconds.
    [[nodiscard]] virtual double length() const = 0;
};

/// How clips play notes.
struct ClipSettings {
    enum class Layout { grid, original };
    enum class Legato { none, next, beat, bar };
    enum class Short { loop, stretch, freeze };

    Layout layout = Layout::grid;
    Legato legato = Legato::none;    ///< seen until the next note, or so much longer at most
    Short when_short = Short::loop;  ///< what a video does that is shorter than its note
    bool flip = true;                ///< left and right change places with each note
    bool tuned = false;              ///< a video is as fast as the pitch of its note
    std::chrono::milliseconds timeout = usual_decode_time;  ///< for ffmpeg, of each file
};

struct ViewSettings {
    int width = 1920, height = 1080;
    FrameRate rate;
    std::vector<Color> colors = usual_colors();  ///< of the tracks, in turn
    Color background{0x0e, 0x11, 0x17};
    bool labels = true, grid = true;
    std::optional<std::int64_t> columns;  ///< of cells
    std::optional<double> line;           ///< how thick lines are, in pixels
    std::optional<double> gain;           ///< of waves; else the loudest moment fills the room
    std::optional<double> window;         ///< seconds of the song that are seen at a time
    std::string audio;                    ///< the song's, or empty
    ClipSettings clips;

    /// The color of the track with that index.
    [[nodiscard]] Color color_of(const Scene& scene, std::size_t track) const {
        return scene.tracks[track].color.value_or(colors[track % colors.size()]);
    }
    /// Lengths are designed for a height of 1080.
    [[nodiscard]] double scaled(double pixels) const { return pixels * height / 1080; }
};

/// An oscilloscope for each stem. Throws Error bad-record if the scene has no stems.
[[nodiscard]] std::unique_ptr<View> make_scope_view(Scene scene, const ViewSettings& settings);

/// A piano roll of all notes. Throws Error bad-record if there are none.
[[nodiscard]] std::unique_ptr<View> make_roll_view(Scene scene, const ViewSettings& settings);

/// The envelope of each stem, or of settings.audio without stems, from beginning to end. Throws
/// Error bad-record if there is neither.
[[nodiscard]] std::unique_ptr<View> make_wave_view(Scene scene, const ViewSettings& settings);

/// The rows of a module as trackers show them. Throws Error bad-record if there are none.
[[nodiscard]] std::unique_ptr<View> make_pattern_view(Scene scene, const ViewSettings& settings);

/// Pictures and videos that notes show: those of scene.clips. Throws Error bad-record if there are
/// no notes, and for a wrong effect, and what ClipFile throws.
[[nodiscard]] std::unique_ptr<View> make_clips_view(Scene scene, const ViewSettings& settings);

}  // namespace patchpipe
