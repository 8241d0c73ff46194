// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "module/playing_pass.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <stdexcept>
#include <utility>

#include "base/error.h"
#include "module/effects.h"

namespace patchpipe {
namespace {

void note_levels(const ModuleFile& module, PlayedRow& row) {
    for (std::size_t i = 0; i < row.highest.size(); ++i) {
        constexpr double steps = 127;
        const auto level =
            static_cast<std::uint8_t>(std::lround(steps * module.level(static_cast<int>(i))));
        row.highest[i] = std::max(row.highest[i], level);
    }
}

PlayedRow begin_row(const ModuleFile& module, std::int64_t frame) {
    PlayedRow row{.place = module.place(),
                  .frame = frame,
                  .speed = std::max(module.speed(), 1),
                  .tempo = std::max(module.tempo(), 1)};
    row.highest.resize(static_cast<std::size_t>(module.info().channels));
    note_levels(module, row);
    row.first = row.highest;
    return row;
}

// Sets the ticks. Returns how often the row is played without a delay; 1 if no loop begins and ends
// in it.
int times_played(const ModuleFile& module, PlayedRow& row, int sample_rate) {
    bool loops = false;
    int repeats = 0;
    for (int i = 0; i < module.info().channels; ++i) {
        const auto cell = module.cell(row.place.pattern, row.place.row, i);
        loops = loops || extended(cell, Effect::mod_extended, 0x60) > 0 ||
                extended(cell, Effect::s3m_extended, 0xb0) > 0;
        repeats = std::max(repeats, row_repeats(cell));
    }
    row.ticks = row.speed * (1 + repeats);
    const double once = row.ticks * 2.5 / row.tempo * sample_rate;
    return loops
               ? std::max(1, static_cast<int>(std::lround(static_cast<double>(row.frames) / once)))
               : 1;
}

// A row that a loop repeats alone is played again without another in between.
void end_row(const ModuleFile& module, PlayedModule& played, std::int64_t end) {
    if (played.rows.empty()) return;
    auto row = played.rows.back();
    row.frames = end - row.frame;
    const auto times = times_played(module, row, played.sample_rate);
    played.rows.pop_back();
    for (int i = 0; i < times; ++i) {
        auto one = row;
        one.frame = row.frame + row.frames * i / times;
        one.frames = row.frame + row.frames * (i + 1) / times - one.frame;
        played.rows.push_back(std::move(one));
    }
}

void check_cells(const ModuleFile& module, const PlayedModule& played, double longest) {
    const double most = cells_a_second * longest;
    const auto channels = module.info().channels;
    if (static_cast<double>(played.rows.size()) * channels <= most) return;
    refuse_unsupported(module.name(), "plays more than " + std::to_string(std::llround(most)) +
                                          " cells, as it has " + std::to_string(channels) +
                                          " channels and more than " +
                                          std::to_string(played.rows.size()) +
                                          " rows; give a greater --longest");
}

// Finds where rows begin. A scout plays a millisecond ahead, for less than a tick, in which no row
// begins and ends: only where the place is another one then are single frames read.
class RowPlayer {
 public:
    RowPlayer(ModuleFile& module, ModuleFile scout, int sample_rate, double longest);
    PlayedModule play();

 private:
    void look_for_row(std::size_t frames);
    void go_on(std::size_t frames);
    void read(std::size_t frames);
    void note_level();

    ModuleFile& module_;
    ModuleFile scout_;
    double longest_;
    std::int64_t between_levels_;
    std::vector<float> block_, heard_ = block_;
    PlayedModule played_;
};

RowPlayer::RowPlayer(ModuleFile& module, ModuleFile scout, int sample_rate, double longest)
    : module_(module),
      scout_(std::move(scout)),
      longest_(longest),
      // The shortest tick is about as long.
      between_levels_(sample_rate / 200),
      block_(2 * static_cast<std::size_t>(std::max(sample_rate / 1000, 1))),
      played_{.sample_rate = sample_rate} {}

PlayedModule RowPlayer::play() {
    for (int i = 0; i < module_.info().channels; ++i) played_.panning.push_back(module_.panning(i));
    module_.pan_to_middle();
    scout_.solo_channel(-1);
    while (const auto frames = scout_.read(played_.sample_rate, block_)) {
        const bool same = !played_.rows.empty() && scout_.place() == played_.rows.back().place;
        if (same)
            go_on(frames);
        else
            look_for_row(frames);
    }
    end_row(module_, played_, played_.frames);
    return std::move(played_);
}

// The place is that of the last frame that was read, so one is read at a time.
void RowPlayer::look_for_row(std::size_t frames) {
    for (std::size_t i = 0; i < frames; ++i) {
        read(1);
        if (!played_.rows.empty() && module_.place() == played_.rows.back().place) {
            note_level();
            continue;
        }
        const auto frame = played_.frames - 1;
        end_row(module_, played_, frame);
        check_cells(module_, played_, longest_);
        played_.rows.push_back(begin_row(module_, frame));
    }
}

// From one frame whose levels are noted to the next.
void RowPlayer::go_on(std::size_t frames) {
    while (frames > 0) {
        const auto since = played_.frames - played_.rows.back().frame;
        const auto next = (between_levels_ - since % between_levels_) % between_levels_ + 1;
        const auto count = std::min(frames, static_cast<std::size_t>(next));
        read(count);
        note_level();
        frames -= count;
    }
}

void RowPlayer::note_level() {
    if ((played_.frames - 1 - played_.rows.back().frame) % between_levels_ == 0)
        note_levels(module_, played_.rows.back());
}

void RowPlayer::read(std::size_t frames) {
    if (module_.read(played_.sample_rate, std::span(heard_).first(2 * frames)) != frames)
        throw std::logic_error("a module that is played twice does not end at the same frame");
    played_.frames += static_cast<std::int64_t>(frames);
}

}  // namespace

PlayedModule play_rows(ModuleFile& module, ModuleFile scout, int sample_rate, double longest) {
    return RowPlayer(module, std::move(scout), sample_rate, longest).play();
}

void set_row_length(PlayedModule& played, double row_ms) {
    const auto frame_of = [&](std::size_t row) {
        return std::llround(static_cast<double>(row) * row_ms / 1000 * played.sample_rate);
    };
    for (std::size_t i = 0; i < played.rows.size(); ++i) {
        played.rows[i].frame = frame_of(i);
        played.rows[i].frames = frame_of(i + 1) - frame_of(i);
    }
    played.frames = frame_of(played.rows.size());
}

}  // namespace patchpipe
