// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "module/module_notes.h"

#include <algorithm>
#include <cmath>

#include "module/channel_motion.h"
#include "module/effects.h"

namespace patchpipe {
namespace {

constexpr int full = 127;
constexpr double full_volume = 64;

class NoteFinder {
 public:
    NoteFinder(const ModuleFile& module, const PlayedModule& played, int channel)
        : module_(module),
          played_(played),
          channel_(channel),
          motion_(module.info().format),
          counts_down_(module.info().format == "it") {}

    ChannelNotes find() {
        for (row_ = 0; row_ < played_.rows.size(); ++row_) play_row();
        end_note(played_.frames);
        return std::move(found_);
    }

 private:
    [[nodiscard]] const PlayedRow& row() const { return played_.rows[row_]; }
    void play_row();
    void begin_note(const ModuleCell& cell, std::int64_t frame);
    void end_note(std::int64_t frame);
    void note_motion(std::int64_t frame);
    [[nodiscard]] bool begins(const ModuleCell& cell, int tick);
    [[nodiscard]] bool retriggers(const ModuleCell& cell, int tick);
    [[nodiscard]] int level(const ModuleCell& cell) const;

    const ModuleFile& module_;
    const PlayedModule& played_;
    int channel_;
    ChannelMotion motion_;
    bool counts_down_;
    ChannelNotes found_;
    std::size_t row_ = 0, first_row_ = 0;  // the present one, and that in which the note began
    bool sounds_ = false;
    int voice_ = -1, note_ = 60, ticks_since_ = 0, ticks_left_ = 0;
    double first_volume_ = full_volume;
    std::vector<std::pair<std::int64_t, double>> volumes_;  // of the note: frame, 0 to 64
};

void NoteFinder::play_row() {
    const auto& now = row();
    const auto cell = module_.cell(now.place.pattern, now.place.row, channel_);
    if (cell.instrument > 0) voice_ = cell.instrument - 1;
    const auto ticks = now.ticks;
    motion_.begin_row(cell);
    for (int tick = 0; tick < ticks; ++tick) {
        const auto frame = now.frame + now.frames * tick / ticks;
        if (begins(cell, tick))
            begin_note(cell, frame);
        else if (retriggers(cell, tick))
            begin_note({.note = note_ + 1}, frame);
        if (!sounds_) continue;
        motion_.tick(tick % now.speed);
        note_motion(frame);
    }
}

bool NoteFinder::begins(const ModuleCell& cell, int tick) {
    return cell.has_note() && !(is_glide(cell) && sounds_) && tick == note_delay(cell) &&
           tick < row().speed;
}

// E9x counts from the row's beginning. Qxy counts only its own ticks, in an IT on from the note of
// such a row or from the time before, elsewhere from the note on.
bool NoteFinder::retriggers(const ModuleCell& cell, int tick) {
    if (!sounds_) return false;
    if (const int every = extended(cell, Effect::mod_extended, 0x90); every > 0)
        return tick > 0 && tick % every == 0;
    const int every = effect_of(cell) == Effect::retrigger ? cell.parameter & 15 : 0;
    if (every == 0) return false;
    if (!counts_down_) return ++ticks_since_ > every;
    if (ticks_left_ > 0 && --ticks_left_ > 0) return false;
    ticks_left_ = every;
    return true;
}

// The volume as it is played; libopenmpt shows it when the note begins. One that fades in is taken
// from its loudest row.
int NoteFinder::level(const ModuleCell& cell) const {
    const auto channel = static_cast<std::size_t>(channel_);
    const auto& levels = note_delay(cell) > 0 || !cell.has_note() ? row().highest : row().first;
    return levels[channel];
}

void NoteFinder::begin_note(const ModuleCell& cell, std::int64_t frame) {
    const bool again = cell.instrument == 0 && sounds_;
    end_note(frame);
    note_ = cell.note - 1;
    const int velocity = level(cell);
    const bool given = static_cast<VolumeEffect>(cell.volume_effect) == VolumeEffect::volume ||
                       effect_of(cell) == Effect::volume;
    // What the sample's own volume is, only its sound tells.
    first_volume_ = given || again ? motion_.volume() : full_volume * velocity / full;
    motion_.begin_note(note_, first_volume_);
    found_.notes.push_back({.frame = frame, .note = note_, .voice = voice_, .velocity = velocity});
    sounds_ = true;
    ticks_since_ = 1;
    if (effect_of(cell) == Effect::retrigger) ticks_left_ = cell.parameter & 15;
    first_row_ = row_;
}

void NoteFinder::note_motion(std::int64_t frame) {
    constexpr double least = 1;  // cents
    const double cents = motion_.cents(),
                 before = found_.bends.empty() ? 0 : found_.bends.back().cents;
    if (std::abs(cents - before) >= least || (cents == 0 && before != 0))
        found_.bends.push_back({frame, cents});
    if (frame == found_.notes.back().frame) found_.notes.back().cents = cents;
    if (volumes_.empty() || volumes_.back().second != motion_.volume())
        volumes_.emplace_back(frame, motion_.volume());
}

// The velocity is that of the loudest moment, and the expression says how far the note is below.
void NoteFinder::end_note(std::int64_t frame) {
    if (found_.notes.empty() || !sounds_) return;
    auto& note = found_.notes.back();
    note.frames = frame - note.frame;
    double loudest = first_volume_;
    for (const auto& [at, volume] : volumes_) loudest = std::max(loudest, volume);
    int velocity = note.velocity;
    if (first_volume_ > 0)
        velocity = static_cast<int>(std::lround(velocity * loudest / first_volume_));
    for (auto i = first_row_; i <= row_ && i < played_.rows.size() && velocity <= 1; ++i)
        velocity =
            std::max<int>(velocity, played_.rows[i].highest[static_cast<std::size_t>(channel_)]);
    note.velocity = std::clamp(velocity, 1, full);
    for (const auto& [at, volume] : volumes_) {
        const int value =
            loudest > 0 ? static_cast<int>(std::lround(full * volume / loudest)) : full;
        const int before = found_.expressions.empty() ? full : found_.expressions.back().value;
        if (value != before) found_.expressions.push_back({at, value});
    }
    volumes_.clear();
}

}  // namespace

ChannelNotes find_notes(const ModuleFile& module, const PlayedModule& played, int channel) {
    return NoteFinder(module, played, channel).find();
}

int channels_with_notes(const ModuleFile& module, const PlayedModule& played) {
    int count = 0;
    for (int channel = 0; channel < module.info().channels; ++channel)
        count += std::any_of(played.rows.begin(), played.rows.end(), [&](const auto& row) {
            return module.cell(row.place.pattern, row.place.row, channel).has_note();
        });
    return count;
}

ChannelNotes notes_of_rows(const ModuleFile& module, const PlayedModule& played, int channel) {
    ChannelNotes found;
    int voice = -1;
    for (const auto& row : played.rows) {
        const auto cell = module.cell(row.place.pattern, row.place.row, channel);
        if (cell.instrument > 0) voice = cell.instrument - 1;
        if (!cell.has_note()) continue;
        found.notes.push_back({.frame = row.frame,
                               .frames = row.frames,
                               .note = cell.note - 1,
                               .voice = voice,
                               .velocity = full,
                               .silent = false});
    }
    return found;
}

void end_notes(const std::function<ModuleFile()>& open, const PlayedModule& played, int channel,
               ChannelNotes& found) {
    constexpr float audible = 1e-5F;
    // Where a sample ends, libopenmpt lets the level decay for some 50 ms against a click; then no
    // voice sounds any more, which is known for each block.
    constexpr std::size_t block_samples = 2 * 64;
    if (found.notes.empty()) return;
    auto module = open();
    module.solo_channel(channel);
    auto note = found.notes.begin();
    std::vector<float> block(block_samples);
    std::int64_t frame = 0, last = -1;
    const auto end = [&] {
        note->silent = last < note->frame;
        note->frames = note->silent ? 0 : last + 1 - note->frame;
    };
    for (std::size_t got = 1; got > 0;) {
        got = module.read(played.sample_rate, block);
        const bool sounds = module.sounding() > 0;
        for (std::size_t i = 0; i < got; ++i, ++frame) {
            while (note + 1 != found.notes.end() && frame >= (note + 1)->frame) {
                end();
                ++note;
            }
            if (sounds && std::max(std::abs(block[2 * i]), std::abs(block[2 * i + 1])) > audible)
                last = frame;
        }
    }
    end();
    // Notes that begin in one frame were not ended.
    while (++note < found.notes.end()) note->frames = 0;
}

}  // namespace patchpipe
