// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Pictures and videos that notes show. In the grid each track has a cell, and the notes of a chord
// share it; the original layout is that of ModPMV, whose layers are moved by their number.

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <utility>

#include "base/error.h"
#include "draw/canvas.h"
#include "draw/cells.h"
#include "draw/clip_times.h"
#include "draw/effect.h"
#include "draw/picture.h"
#include "draw/text.h"
#include "draw/view.h"
#include "draw/wave_bars.h"
#include "video/clip_file.h"

namespace patchpipe {
namespace {

constexpr double clip_shape = 16.0 / 9;
constexpr int layers_in_row = 8;

using Layout = ClipSettings::Layout;

struct Track {
    std::size_t index;  // in the scene
    ClipTimes times;
    Box place;
};

// A clip at the size of its cells.
struct Clip {
    std::unique_ptr<ClipFile> file;  // or nothing: only effects
    std::vector<Effect> effects;
};

class ClipsView : public View {
 public:
    ClipsView(Scene scene, const ViewSettings& settings)
        : scene_(std::move(scene)), settings_(settings) {
        for (std::size_t i = 0; i < scene_.tracks.size(); ++i)
            if (!scene_.tracks[i].notes.empty())
                tracks_.push_back({i, ClipTimes(scene_, scene_.tracks[i], settings_), {}});
        if (tracks_.empty())
            throw Error(ErrorKind::bad_record, "clips",
                        "there are no notes to show; give records of the type note");
        place_tracks();
        open_clips();
    }

    [[nodiscard]] double length() const override { return scene_.length; }

    void draw(std::int64_t number, Frame& frame) override {
        const double time = settings_.rate.time_of(number);
        const bool original = settings_.clips.layout == Layout::original;
        constexpr std::uint8_t dark = 10;
        fill(frame, original ? Color{dark, dark, dark} : settings_.background);
        for (std::size_t layer = 0; layer < tracks_.size(); ++layer) {
            const auto seen = tracks_[layer].times.at(time);
            if (original)
                draw_layer(frame, layer, seen, time);
            else
                draw_cell(frame, tracks_[layer], seen, time);
        }
    }

 private:
    void place_tracks() {
        const Box all{0, 0, double(settings_.width), double(settings_.height)};
        const auto cells = make_cells(tracks_.size(), all, settings_.columns, clip_shape);
        for (std::size_t i = 0; i < tracks_.size(); ++i) {
            tracks_[i].place = cells[i];
            if (settings_.clips.layout != Layout::original) continue;
            constexpr double right = 0.11, down = 0.12;
            const auto layer = static_cast<int>(i);
            const double left = std::round(layer % layers_in_row * right * settings_.width);
            const double top = std::round(layer / layers_in_row * down * settings_.height);
            tracks_[i].place = {left, top, left + settings_.width, top + settings_.height};
        }
    }

    // Decodes the clips that notes show, as much of each as they need.
    void open_clips() {
        std::map<std::size_t, double> longest;
        for (const auto& track : tracks_)
            for (const auto& note : track.times.notes()) {
                if (note.clip == ClipNote::no_clip) continue;
                auto& needed = longest[note.clip];
                needed = std::max(needed, (note.end - note.begin) * note.speed);
            }
        const auto width = static_cast<int>(tracks_.front().place.width());
        const auto height = static_cast<int>(tracks_.front().place.height());
        for (const auto& [index, needed] : longest) {
            const auto& source = scene_.clips[index];
            auto& clip = clips_[index];
            clip.effects = parse_effects(source.effects);
            const bool bars = std::any_of(clip.effects.begin(), clip.effects.end(),
                                          [](const Effect& effect) { return effect.needs_bars(); });
            if (bars && bars_.empty()) read_bars();
            if (source.path.empty()) continue;
            const auto pictures = settings_.rate.frames_in(needed) + 1;
            clip.file = std::make_unique<ClipFile>(
                source.path, ClipFile::Settings{.width = std::max(width, 1),
                                                .height = std::max(height, 1),
                                                .rate = settings_.rate,
                                                .offset = source.offset,
                                                .contain = source.contain,
                                                .most_pictures = pictures,
                                                .timeout = settings_.clips.timeout});
        }
    }

    void read_bars() {
        if (settings_.audio.empty())
            throw Error(ErrorKind::bad_record, "wave", "needs the song's audio; give --audio");
        ChannelAudio audio(settings_.audio);
        bars_ = envelope_of(audio, bars_in(settings_.width));
    }

    // The notes side by side, the first at the left.
    void draw_cell(Frame& frame, const Track& track, const std::vector<ClipNote>& seen,
                   double time) {
        const auto count = static_cast<double>(seen.size());
        for (std::size_t i = 0; i < seen.size(); ++i) {
            const auto& cell = track.place;
            const auto part = [&](double index) {
                return std::round(cell.left + cell.width() * index / count);
            };
            const Box room{part(double(i)), cell.top, part(double(i) + 1), cell.bottom};
            draw_note(frame, track, seen[i], time, room, 1);
        }
        if (settings_.labels) draw_label(frame, track, !seen.empty());
    }

    // The middle of the picture, as wide as there is room.
    void draw_note(Frame& frame, const Track& track, const ClipNote& note, double time,
                   const Box& room, double opacity) {
        if (note.clip == ClipNote::no_clip) {
            fill_box(frame, room, settings_.color_of(scene_, track.index), opacity);
            return;
        }
        const double middle = (room.left + room.right) / 2, half = track.place.width() / 2;
        const Box place{std::round(middle - half), track.place.top,
                        std::round(middle - half) + track.place.width(), track.place.bottom};
        draw_picture(frame, place, picture_of_note(note, time), note.flipped, opacity, room);
    }

    [[nodiscard]] Picture picture_of_note(const ClipNote& note, double time) {
        const auto& clip = clips_.at(note.clip);
        const double length = note.end - note.begin, since = time - note.begin;
        Picture picture{};
        if (clip.file)
            picture =
                clip.file->picture(picture_at(since, length, note.speed, clip.file->pictures(),
                                              settings_.rate, settings_.clips.when_short));
        if (clip.effects.empty() && clip.file) return picture;
        const auto& place = tracks_.front().place;
        scratch_ = std::make_unique<Frame>(std::max(1, int(place.width())),
                                           std::max(1, int(place.height())));
        if (clip.file)
            std::copy_n(picture.pixels, scratch_->pixels.size(), scratch_->pixels.data());
        for (const auto& effect : clip.effects)
            effect.apply(*scratch_, {since, since / length, &bars_});
        return ::patchpipe::picture_of(*scratch_);
    }

    void draw_label(Frame& frame, const Track& track, bool sounds) {
        const double edge = settings_.scaled(16);
        text_.draw_label(frame, track.place.left + edge, track.place.top + edge / 2,
                         scene_.tracks[track.index].name,
                         {.size = settings_.scaled(28),
                          .font = Font::sans_bold,
                          .opacity = sounds ? 0.95 : 0.35,
                          .most = track.place.width() - 2 * edge});
    }

    // ModPMV's: the newest note's picture, moved by the layer's number, and a bar in its color.
    void draw_layer(Frame& frame, std::size_t layer, const std::vector<ClipNote>& seen,
                    double time) {
        if (seen.empty()) return;
        constexpr double strongest = 0.9, most_weaker = 0.6, weaker = 0.01;
        const auto number = static_cast<int>(layer);
        const double opacity = strongest - std::min(most_weaker, weaker * number);
        if (seen.back().clip != ClipNote::no_clip)
            draw_note(frame, tracks_[layer], seen.back(), time, tracks_[layer].place, opacity);
        constexpr double bar_width = 0.15, bar_height = 0.07, bar_right = 0.02, bar_down = 0.06;
        const double left = number % layers_in_row * bar_right * settings_.width;
        const double top = number / layers_in_row * bar_down * settings_.height;
        const auto part = [&](int step) { return static_cast<std::uint8_t>(step * number % 255); };
        fill_box(frame,
                 {std::round(left), std::round(top), std::round(left + bar_width * settings_.width),
                  std::round(top + bar_height * settings_.height)},
                 {part(37), part(59), part(83)}, opacity);
    }

    Scene scene_;
    ViewSettings settings_;
    std::vector<Track> tracks_;
    std::map<std::size_t, Clip> clips_;  // by their index in the scene
    std::vector<double> bars_;
    std::unique_ptr<Frame> scratch_;
    TextPainter text_;
};

}  // namespace

std::unique_ptr<View> make_clips_view(Scene scene, const ViewSettings& settings) {
    return std::make_unique<ClipsView>(std::move(scene), settings);
}

}  // namespace patchpipe
