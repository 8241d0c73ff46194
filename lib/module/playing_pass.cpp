// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "module/playing_pass.h"

#include <algorithm>
#include <array>
#include <cmath>

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

// How often the row is played without a delay; 1 if no loop begins and ends in it.
int times_played(const ModuleFile& module, const PlayedRow& row, int sample_rate) {
    bool loops = false;
    int repeats = 0;
    for (int i = 0; i < module.info().channels; ++i) {
        const auto cell = module.cell(row.place.pattern, row.place.row, i);
        loops = loops || extended(cell, Effect::mod_extended, 0x60) > 0 ||
                extended(cell, Effect::s3m_extended, 0xb0) > 0;
        repeats = std::max(repeats, row_repeats(cell));
    }
    const double once = row.speed * (1 + repeats) * 2.5 / row.tempo * sample_rate;
    return loops
               ? std::max(1, static_cast<int>(std::lround(static_cast<double>(row.frames) / once)))
               : 1;
}

// A row that a loop repeats alone is played again without another in between.
void end_row(const ModuleFile& module, PlayedModule& played) {
    if (played.rows.empty()) return;
    auto row = played.rows.back();
    row.frames = played.frames - row.frame;
    const auto times = times_played(module, row, played.sample_rate);
    played.rows.pop_back();
    for (int i = 0; i < times; ++i) {
        auto one = row;
        one.frame = row.frame + row.frames * i / times;
        one.frames = row.frame + row.frames * (i + 1) / times - one.frame;
        played.rows.push_back(std::move(one));
    }
}

}  // namespace

// The place is that of the last frame that was read, so one is read at a time.
PlayedModule play_rows(ModuleFile& module, int sample_rate) {
    PlayedModule played{.sample_rate = sample_rate};
    for (int i = 0; i < module.info().channels; ++i) played.panning.push_back(module.panning(i));
    module.pan_to_middle();
    // The shortest tick is about as long.
    const std::int64_t between_levels = sample_rate / 200;
    std::array<float, 2> frame{};
    for (; module.read(sample_rate, frame) == 1; ++played.frames) {
        if (played.rows.empty() || module.place() != played.rows.back().place) {
            end_row(module, played);
            played.rows.push_back(begin_row(module, played.frames));
        } else if ((played.frames - played.rows.back().frame) % between_levels == 0) {
            note_levels(module, played.rows.back());
        }
    }
    end_row(module, played);
    return played;
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
