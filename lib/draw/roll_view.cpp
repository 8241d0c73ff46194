// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A piano roll: time goes to the left through a line where notes sound, and each track has its
// color.

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/error.h"
#include "draw/canvas.h"
#include "draw/note_finder.h"
#include "draw/text.h"
#include "draw/view.h"

namespace patchpipe {
namespace {

constexpr double usual_roll_window = 6;  // seconds
constexpr double now_share = 0.3;        // where notes sound, of the width
constexpr int least_notes = 24;          // that are seen, above each other
constexpr int notes_of_octave = 12;
constexpr double shortest = 0.02;  // seconds for which a note is drawn at least
constexpr double flash_seconds = 0.35;
constexpr double bend_step = 4;  // pixels

bool is_black(int note) {
    constexpr int black = 0b010101001010;  // bit 1 is C sharp
    return (black >> (note % notes_of_octave) & 1) != 0;
}

class RollView : public View {
 public:
    RollView(Scene scene, const ViewSettings& settings)
        : scene_(std::move(scene)),
          settings_(settings),
          window_(settings.window.value_or(usual_roll_window)) {
        int lowest = 127, highest = 0;
        for (const auto& track : scene_.tracks) {
            finders_.emplace_back(track);
            for (const auto& note : track.notes) {
                lowest = std::min(lowest, static_cast<int>(note.note));
                highest = std::max(highest, static_cast<int>(note.note));
            }
        }
        if (lowest > highest)
            throw Error(ErrorKind::bad_record, "roll",
                        "there are no notes to draw; give records of the type note");
        const int missing = std::max(0, least_notes - (highest - lowest + 1));
        lowest_ = lowest - 1 - missing / 2;
        count_ = highest + 2 + (missing + 1) / 2 - lowest_;
        const double head = settings_.labels ? settings_.scaled(64) : 0;
        keys_ = {0, head, settings_.scaled(84), double(settings.height)};
        roll_ = {keys_.right, head, double(settings.width), double(settings.height)};
        if (settings.labels) name_size_ = size_of_names();
    }

    [[nodiscard]] double length() const override { return scene_.length; }

    void draw(std::int64_t number, Frame& frame) override {
        time_ = settings_.rate.time_of(number);
        fill(frame, settings_.background);
        if (settings_.grid) draw_grid(frame);
        for (std::size_t i = 0; i < finders_.size(); ++i) draw_track(frame, i);
        draw_now(frame);
        draw_keys(frame);
        if (settings_.labels) draw_names(frame);
    }

 private:
    [[nodiscard]] double note_height() const { return roll_.height() / count_; }
    // The upper edge of a note.
    [[nodiscard]] double y_of(double note) const {
        return roll_.bottom - (note - lowest_ + 1) * note_height();
    }
    [[nodiscard]] double x_of(double time) const {
        return roll_.left + roll_.width() * ((time - time_) / window_ + now_share);
    }
    [[nodiscard]] double begin() const { return time_ - now_share * window_; }
    [[nodiscard]] double end() const { return begin() + window_; }

    void draw_grid(Frame& frame) {
        const auto dark = mixed(settings_.background, {0, 0, 0}, 0.35);
        const auto line = mixed(settings_.background, {255, 255, 255}, 0.1);
        for (int note = lowest_; note < lowest_ + count_; ++note) {
            const double top = y_of(note);
            if (is_black(note + notes_of_octave))
                fill_box(frame, {roll_.left, top, roll_.right, top + note_height()}, dark);
            if ((note + notes_of_octave) % notes_of_octave == 0)
                fill_box(frame,
                         {roll_.left, top + note_height() - 1, roll_.right, top + note_height()},
                         line);
        }
        draw_beats(frame);
    }

    // A line for each beat, a stronger one where a bar begins.
    void draw_beats(Frame& frame) {
        const auto first = std::max(0.0, std::floor(scene_.tempo.beat_at(std::max(0.0, begin()))));
        constexpr int most = 500;
        for (int i = 0; i < most; ++i) {
            const double beat = first + i, time = scene_.tempo.time_at(beat);
            if (time > end()) break;
            const double strength = begins_bar(beat, time) ? 0.2 : 0.06;
            const double x = std::round(x_of(time));
            fill_box(frame, {x, roll_.top, x + 1, roll_.bottom}, {255, 255, 255}, strength);
        }
    }

    [[nodiscard]] bool begins_bar(double beat, double time) const {
        double from = 0, beats = 4;
        for (const auto& signature : scene_.signatures) {
            constexpr double slack = 1e-6;
            if (signature.time > time + slack) break;
            from = scene_.tempo.beat_at(signature.time);
            beats = 4.0 * signature.numerator / signature.denominator;
        }
        const double bars = (beat - from) / beats;
        return std::abs(bars - std::round(bars)) * beats < 0.5;
    }

    void draw_track(Frame& frame, std::size_t index) {
        const auto color = settings_.color_of(scene_, index);
        finders_[index].between(begin() - shortest, end(), [&](const SceneNote& note, std::size_t) {
            draw_note(frame, finders_[index], note, color);
        });
    }

    void draw_note(Frame& frame, const NoteFinder& finder, const SceneNote& note, Color color) {
        const double since = time_ - note.time;
        const bool sounds = since >= 0 && time_ < std::max(note.end(), note.time + shortest);
        if (sounds)
            color = mixed(color, {255, 255, 255},
                          0.25 + 0.5 * std::max(0.0, 1 - since / flash_seconds));
        else
            color = mixed(color, settings_.background, since > 0 ? 0.55 : 0.15);
        const double opacity = 0.45 + 0.55 * note.velocity;
        const double left = std::max(x_of(note.time), roll_.left);
        const double right = x_of(std::max(note.end(), note.time + shortest));
        const double round = note_height() * 0.3;
        const auto box = [&](double from, double to) {
            const double middle = time_ + ((from + to) / 2 - x_of(time_)) / roll_.width() * window_;
            const double top = y_of(note.note + finder.bend_at(middle, note.channel));
            return Box{from, top, to, top + note_height()}.within(note_height() * 0.06);
        };
        if (!finder.slides(note)) {
            if (sounds) draw_glow(frame, box(left, right), color);
            return fill_round_box(frame, box(left, right), round, color, opacity);
        }
        // A sliding note is a row of pieces, whose edges are between pixels so that no seam is
        // seen.
        for (double x = left; x < std::min(right, roll_.right);) {
            const double next = std::min(std::floor(x) + bend_step, right);
            auto piece = box(x, next);
            piece.left = x;
            piece.right = next;
            fill_box(frame, piece, color, opacity);
            x = next;
        }
    }

    void draw_glow(Frame& frame, const Box& box, const Color& color) const {
        const double reach = note_height();
        constexpr int rings = 10;
        for (int i = rings; i > 0; --i) {
            const double far = reach * i / rings;
            fill_round_box(frame, box.within(-far), note_height() * 0.3 + far, color, 0.03);
        }
    }

    void draw_now(Frame& frame) const {
        const double x = std::round(x_of(time_)), thick = std::max(1.0, settings_.scaled(2));
        fill_box(frame, {x - thick / 2, roll_.top, x + thick / 2, roll_.bottom}, {255, 255, 255},
                 0.75);
    }

    // The keyboard, with the keys of notes that sound in the colors of their tracks.
    void draw_keys(Frame& frame) {
        fill_box(frame, keys_, {0, 0, 0});
        for (int note = lowest_; note < lowest_ + count_; ++note) {
            const double top = y_of(note);
            const bool black = is_black(note + notes_of_octave);
            const Color plain = black ? Color{0x24, 0x27, 0x2e} : Color{0xdd, 0xe0, 0xe6};
            const Box key{keys_.left, top, keys_.right, top + note_height()};
            fill_box(frame, key.within(0.5), sounding(note).value_or(plain));
            if (settings_.labels && (note + notes_of_octave) % notes_of_octave == 0 &&
                note_height() >= settings_.scaled(9))
                draw_octave(frame, note, key);
        }
    }

    void draw_octave(Frame& frame, int note, const Box& key) {
        const double size = std::min(note_height(), settings_.scaled(22));
        text_.draw(frame, key.right - settings_.scaled(6), key.top + (key.height() - size) / 2,
                   "C" + std::to_string(note / notes_of_octave - 1),
                   {.size = size, .color = {0x50, 0x54, 0x5c}, .align = TextPainter::Align::right});
    }

    [[nodiscard]] std::optional<Color> sounding(int note) const {
        std::optional<Color> color;
        for (std::size_t i = 0; i < finders_.size(); ++i)
            finders_[i].between(
                time_ - shortest, time_ + 1e-9, [&](const SceneNote& played, std::size_t) {
                    const double bent = played.note + finders_[i].bend_at(time_, played.channel);
                    if (std::lround(bent) == note && played.end() > time_)
                        color = settings_.color_of(scene_, i);
                });
        return color;
    }

    // Smaller where there are many, and without the last ones where that is not enough.
    [[nodiscard]] double size_of_names() {
        const double usual = settings_.scaled(28);
        double all = 0;
        for (std::size_t i = 0; i < finders_.size(); ++i) all += name_width(i, usual);
        constexpr double least = 0.5;
        return usual *
               std::clamp((settings_.width - 2 * head_edge()) / std::max(all, 1.0), least, 1.0);
    }
    [[nodiscard]] double head_edge() const { return settings_.scaled(24); }

    void draw_names(Frame& frame) {
        double x = head_edge();
        for (std::size_t i = 0; i < finders_.size(); ++i) {
            const double width = name_width(i, name_size_);
            if (x + width > settings_.width) break;
            if (width > 0) draw_name(frame, i, x, name_size_);
            x += width;
        }
    }

    [[nodiscard]] TextPainter::Style name_style(double size) const {
        return {.size = size, .color = {255, 255, 255}, .most = settings_.scaled(260)};
    }

    // With its dot and the space behind it; 0 for a track without notes.
    [[nodiscard]] double name_width(std::size_t track, double size) {
        if (scene_.tracks[track].notes.empty()) return 0;
        return 2 * size + text_.width(scene_.tracks[track].name, name_style(size));
    }

    void draw_name(Frame& frame, std::size_t track, double x, double size) {
        const double top = (roll_.top - size) / 2;
        const bool sounds = finders_[track].newest_at(time_).has_value();
        const Box dot{x, top + size * 0.2, x + size * 0.6, top + size * 0.8};
        fill_round_box(frame, dot, size, settings_.color_of(scene_, track), sounds ? 1 : 0.4);
        auto style = name_style(size);
        style.opacity = sounds ? 1 : 0.5;
        text_.draw(frame, x + size * 0.9, top, scene_.tracks[track].name, style);
    }

    Scene scene_;
    ViewSettings settings_;
    double window_, time_ = 0;
    int lowest_ = 0, count_ = 1;
    Box keys_, roll_;
    double name_size_ = 0;
    std::vector<NoteFinder> finders_;
    TextPainter text_;
};

}  // namespace

std::unique_ptr<View> make_roll_view(Scene scene, const ViewSettings& settings) {
    return std::make_unique<RollView>(std::move(scene), settings);
}

}  // namespace patchpipe
