// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// An oscilloscope for each channel, in cells, with its name, a grid and a trigger that holds.

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/error.h"
#include "draw/canvas.h"
#include "draw/cells.h"
#include "draw/channel_audio.h"
#include "draw/note_finder.h"
#include "draw/text.h"
#include "draw/trace.h"
#include "draw/trigger.h"
#include "draw/view.h"

namespace patchpipe {
namespace {

constexpr double scope_shape = 3.5;     // its width by its height
constexpr double usual_line = 3;        // at a height of 1080
constexpr double room_for_wave = 0.44;  // of the height that it has, above and below the middle
constexpr double usual_scope_window = 0.04;  // seconds; less is not enough to find low tones

struct Channel {
    Channel(const SceneTrack& track, const ViewSettings& settings)
        : audio(track.stem),
          notes(track),
          trigger(audio, settings.rate, std::max(settings.window.value_or(0), usual_scope_window),
                  [this](double time) { return notes.pitch_at(time); }) {}

    ChannelAudio audio;
    NoteFinder notes;
    Trigger trigger;
    double gain = 1;
    Box cell, room;  // room: of the wave
    Color color;
    std::string name;
};

class ScopeView : public View {
 public:
    ScopeView(Scene scene, const ViewSettings& settings)
        : scene_(std::move(scene)),
          settings_(settings),
          still_(settings.width, settings.height),
          waves_(settings.width, settings.height) {
        for (std::size_t i = 0; i < scene_.tracks.size(); ++i)
            if (!scene_.tracks[i].stem.empty()) add_channel(i);
        if (channels_.empty())
            throw Error(ErrorKind::bad_record, "scope",
                        "there are no stems to draw; give their records, each with a track and an "
                        "output_path");
        const auto cells =
            make_cells(channels_.size(), box_of(still_), settings_.columns, scope_shape);
        const double head = settings_.labels ? std::round(label_size(cells.front()) * 1.2) : 0;
        for (std::size_t i = 0; i < cells.size(); ++i) {
            auto& channel = *channels_[i];
            channel.cell = channel.room = cells[i];
            channel.room.top += head;
        }
        draw_still();
    }

    void draw(std::int64_t number, Frame& frame) override {
        // What has waves in the frame before, and then what has waves now.
        waves_.for_each_run([&](const PixelBox& box) { copy(still_, box, frame); });
        frame.changed = waves_;
        waves_.clear();
        for (auto& channel : channels_) draw_wave(*channel, number, frame);
        frame.changed.add(waves_);
    }

    [[nodiscard]] double length() const override {
        double length = 0;
        for (const auto& channel : channels_) length = std::max(length, channel->audio.seconds());
        return length;
    }

 private:
    void add_channel(std::size_t index) {
        const auto& track = scene_.tracks[index];
        auto& channel = *channels_.emplace_back(std::make_unique<Channel>(track, settings_));
        channel.color = settings_.color_of(scene_, index);
        channel.name = track.name;
        const double peak = settings_.gain ? 1 : channel.audio.peak();
        channel.gain = settings_.gain.value_or(peak > 0 ? 1 / peak : 1);
    }

    // What is the same in every frame.
    void draw_still() {
        fill(still_, settings_.background);
        TextPainter text;
        for (const auto& channel : channels_) {
            if (settings_.grid) draw_grid(*channel);
            if (!settings_.labels) continue;
            const double edge = settings_.scaled(14);
            text.draw(still_, channel->cell.left + edge, channel->cell.top + edge / 3,
                      channel->name,
                      {.size = label_size(channel->cell),
                       .font = Font::sans_bold,
                       .color = channel->color,
                       .opacity = 0.9,
                       .most = channel->cell.width() - 2 * edge});
        }
    }

    [[nodiscard]] double label_size(const Box& cell) const {
        constexpr double largest = 30, share = 0.2;
        return std::min(settings_.scaled(largest), cell.height() * share);
    }

    // Borders of cells, the line of silence, and lines of time.
    void draw_grid(const Channel& channel) {
        const auto& cell = channel.cell;
        const auto weak = mixed(settings_.background, {255, 255, 255}, 0.07);
        const auto strong = mixed(settings_.background, {255, 255, 255}, 0.16);
        const double thin = std::max(1.0, std::round(settings_.scaled(1.5)));
        constexpr int parts = 8;
        for (int i = 1; i < parts; ++i) {
            const double x = std::round(cell.left + cell.width() * i / parts);
            fill_box(still_, {x, cell.top, x + thin, cell.bottom}, weak);
        }
        const double middle = std::round((channel.room.top + channel.room.bottom - thin) / 2);
        fill_box(still_, {cell.left, middle, cell.right, middle + thin}, strong);
        if (cell.right < still_.width)
            fill_box(still_, {cell.right - thin, cell.top, cell.right, cell.bottom}, strong);
        if (cell.bottom < still_.height)
            fill_box(still_, {cell.left, cell.bottom - thin, cell.right, cell.bottom}, strong);
    }

    void draw_wave(Channel& channel, std::int64_t number, Frame& frame) {
        const auto& cell = channel.cell;
        if (cell.width() < 1) return;  // there are more channels than columns of pixels
        const double place = channel.trigger.place(number);
        const auto points = static_cast<std::size_t>(cell.width()) * TracePainter::points_per_pixel;
        const double per_point = settings_.window.value_or(usual_scope_window) *
                                 channel.audio.sample_rate() / static_cast<double>(points);
        const double begin = place - static_cast<double>(points) / 2 * per_point;
        const auto first = static_cast<std::int64_t>(std::floor(begin)) - 1;
        const auto count =
            static_cast<std::int64_t>(std::ceil(static_cast<double>(points) * per_point)) + 4;
        const auto sound = channel.audio.window(first, count);
        const auto& room = channel.room;
        const double middle = (room.top + room.bottom) / 2;
        const double scale = -channel.gain * room_for_wave * room.height();
        spans_.resize(points);
        for (std::size_t i = 0; i < points; ++i) {
            const double at =
                begin + static_cast<double>(i) * per_point - static_cast<double>(first);
            spans_[i] = span_between(sound, at, at + per_point, scale, middle);
        }
        trace_.draw(frame, room, spans_, settings_.line.value_or(settings_.scaled(usual_line)),
                    channel.color, waves_);
    }

    // From where to where the wave goes between two places in the sound.
    static TraceSpan span_between(std::span<const float> sound, double from, double to,
                                  double scale, double middle) {
        const auto at = [&](double place) {
            const auto left = static_cast<std::size_t>(place);
            const double share = place - static_cast<double>(left);
            return sound[left] + (sound[left + 1] - sound[left]) * share;
        };
        double low = at(from), high = low;
        for (auto i = static_cast<std::size_t>(from) + 1; static_cast<double>(i) < to; ++i) {
            low = std::min(low, static_cast<double>(sound[i]));
            high = std::max(high, static_cast<double>(sound[i]));
        }
        return {static_cast<float>(middle + scale * high),
                static_cast<float>(middle + scale * low)};
    }

    Scene scene_;
    ViewSettings settings_;
    Frame still_;
    Tiles waves_;  // of the frame before; all before the first
    std::vector<std::unique_ptr<Channel>> channels_;
    TracePainter trace_;
    std::vector<TraceSpan> spans_;
};

}  // namespace

std::unique_ptr<View> make_scope_view(Scene scene, const ViewSettings& settings) {
    return std::make_unique<ScopeView>(std::move(scene), settings);
}

}  // namespace patchpipe
