// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The envelopes of all stems, or of the song, as bars from its beginning to its end; what has been
// played is bright.

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/error.h"
#include "draw/canvas.h"
#include "draw/cells.h"
#include "draw/channel_audio.h"
#include "draw/text.h"
#include "draw/view.h"
#include "draw/wave_bars.h"

namespace patchpipe {
namespace {

constexpr double height_share = 0.42;  // of a cell, above and below its middle
constexpr double lane_shape = 1e6;     // all cells in one column
constexpr double unplayed = 0.68;      // how near to the background

struct Lane {
    std::string name;
    Color color;
    Box cell;
    std::vector<double> bars;
};

class WaveView : public View {
 public:
    WaveView(const Scene& scene, const ViewSettings& settings)
        : settings_(settings),
          before_(settings.width, settings.height),
          after_(settings.width, settings.height) {
        for (std::size_t i = 0; i < scene.tracks.size(); ++i)
            if (const auto& track = scene.tracks[i]; !track.stem.empty())
                add_lane(track.stem, track.name, settings.color_of(scene, i));
        if (lanes_.empty() && !settings.audio.empty())
            add_lane(settings.audio, scene.title, settings.colors.front());
        if (lanes_.empty())
            throw Error(ErrorKind::bad_record, "wave",
                        "there is no audio to draw; give records of stems, or --audio");
        const auto cells = make_cells(lanes_.size(), box_of(before_), settings.columns, lane_shape);
        for (std::size_t i = 0; i < cells.size(); ++i) lanes_[i].cell = cells[i];
        draw_bars(before_, unplayed);
        draw_bars(after_, 0);
    }

    [[nodiscard]] double length() const override { return length_; }

    // Left of the moment the one picture, right of it the other.
    void draw(std::int64_t number, Frame& frame) override {
        frame.pixels = before_.pixels;
        const double share = settings_.rate.time_of(number) / length_;
        for (const auto& lane : lanes_) {
            const double x = lane.cell.left + lane.cell.width() * share;
            const auto whole = static_cast<int>(std::clamp(x, lane.cell.left, lane.cell.right));
            const auto left = static_cast<int>(lane.cell.left);
            for (auto y = static_cast<int>(lane.cell.top); y < static_cast<int>(lane.cell.bottom);
                 ++y)
                std::copy(after_.row(y) + left, after_.row(y) + whole, frame.row(y) + left);
            const double thick = std::max(1.0, settings_.scaled(3));
            fill_box(frame, {x - thick / 2, lane.cell.top, x + thick / 2, lane.cell.bottom},
                     {255, 255, 255}, 0.9);
        }
    }

 private:
    void add_lane(const std::string& path, const std::string& name, const Color& color) {
        ChannelAudio audio(path);
        length_ = std::max(length_, audio.seconds());
        audios_.push_back(audio.seconds());
        lanes_.push_back({name, color, {}, envelope_of(audio, bars_in(settings_.width))});
    }

    void draw_bars(Frame& frame, double dim) {
        fill(frame, settings_.background);
        for (std::size_t i = 0; i < lanes_.size(); ++i) {
            const auto& lane = lanes_[i];
            const double middle = (lane.cell.top + lane.cell.bottom) / 2;
            const double width =
                lane.cell.width() * audios_[i] / length_ / static_cast<double>(lane.bars.size());
            const auto color = mixed(lane.color, settings_.background, dim);
            const double least = std::max(0.5, settings_.scaled(1));  // silence is a thin line
            for (std::size_t bar = 0; bar < lane.bars.size(); ++bar) {
                const auto edge = [&](std::size_t number) {
                    return lane.cell.left + std::round(static_cast<double>(number) * width);
                };
                const double high =
                    std::max(least, lane.bars[bar] * height_share * lane.cell.height());
                fill_box(frame, {edge(bar), middle - high, edge(bar + 1), middle + high}, color);
            }
            if (settings_.labels)
                text_.draw_label(frame, lane.cell.left + settings_.scaled(16),
                                 lane.cell.top + settings_.scaled(8), lane.name,
                                 {.size = settings_.scaled(28),
                                  .font = Font::sans_bold,
                                  .most = lane.cell.width() - settings_.scaled(32)});
        }
    }

    ViewSettings settings_;
    Frame before_, after_;
    std::vector<Lane> lanes_;
    std::vector<double> audios_;  // their lengths
    double length_ = 1e-3;
    TextPainter text_;
};

}  // namespace

std::unique_ptr<View> make_wave_view(Scene scene, const ViewSettings& settings) {
    return std::make_unique<WaveView>(scene, settings);
}

}  // namespace patchpipe
