// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Gain, pan, mute and polarity, with their envelopes: behind the effects of a track, before them,
// and of a send.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "songmix/envelope.h"

namespace patchpipe {

/// REAPER's pan modes by their numbers, of which 0, its older balance, is the same as balance here.
enum class PanMode { balance = 3, stereo = 5, dual = 6 };

/// Where left and right go. In stereo mode both move by pan and towards each other by width; in
/// dual mode pan_left and width are where they go, each -1 to 1.
struct PanPosition {
    double pan = 0, width = 1, pan_left = -1;
};

/// The gains from the left and the right channel to both sides.
struct PanMatrix {
    double left_to_left, left_to_right, right_to_left, right_to_right;
};

/// law is the gain in the centre, as in 0.5 for -6 dB, and 1 at either end. Above 1 it is the gain
/// at either end, and 1 in the centre. In between it goes linearly with the position; REAPER's own
/// tapers are not public. Positions outside are moved to the nearer end.
///
/// balance: min(1, 1 - pan) and min(1, 1 + pan), times the law's gain at pan.
/// dual: a channel at q gets (1 - q)/2 and (1 + q)/2, times the law's gain at q.
/// stereo: as dual, at pan - width × (1 - |pan|) and pan + width × (1 - |pan|).
[[nodiscard]] PanMatrix pan_matrix(PanMode mode, double law, const PanPosition& position);

struct FaderSettings {
    double gain = 1;
    bool inverted = false, mute = false;
    PanMode mode = PanMode::balance;
    double law = 1;
    PanPosition position = {};
    /// Each is multiplied by the setting, but pan, which is added to it. The value of mute is 0 for
    /// silence and 1 for sound.
    std::optional<Envelope> gain_envelope = {}, trim_envelope = {}, pan_envelope = {},
                            width_envelope = {}, mute_envelope = {};
};

class Fader {
 public:
    Fader(FaderSettings settings, int sample_rate);

    /// True if it changes nothing.
    [[nodiscard]] bool is_neutral() const { return neutral_; }

    /// Changes a block of interleaved frames, the first of which is that frame of the song. Of a
    /// block with more than two channels every second one is a left one. One channel only gets the
    /// gains.
    void apply(std::span<double> block, int channels, std::int64_t begin);

 private:
    void apply_constant(std::span<double> block, std::size_t channels) const;
    void fill_gains(std::int64_t begin);
    [[nodiscard]] PanMatrix matrix_at(std::size_t frame) const;

    FaderSettings settings_;
    int sample_rate_;
    bool changes_ = false, neutral_ = false;
    double level_;  // with the polarity
    PanMatrix matrix_;
    std::vector<double> gains_, envelope_, pans_, widths_;
};

/// The fader of a track, or of the master: song has its pan law and pan mode. The id may be of a
/// track without a record, whose fader is neutral but for these. Throws Error bad-record.
[[nodiscard]] FaderSettings track_fader(const SongModel& song, const std::string& track);

/// A track's envelopes before its effects.
[[nodiscard]] FaderSettings pre_fx_fader(const SongModel& song, const std::string& track);

/// The fader of a send. Throws Error bad-record.
[[nodiscard]] FaderSettings send_fader(const SongModel& song, const std::string& send);

/// The gain in that key, or in decibels in key_db; 1 without either. Throws Error bad-record unless
/// it is 0 or more.
[[nodiscard]] double gain_in(const Record& record, const std::string& id, std::string_view key);

}  // namespace patchpipe
