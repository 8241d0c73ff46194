// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What is done to an audio file, and in which order. Not here: files and formats (edited_file.h).
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "edit/audio_source.h"
#include "edit/normalise.h"
#include "record/record.h"

namespace patchpipe {

/// The settings of an edit: the fields of the same names, see audio-edit(1). Times are in seconds.
struct EditSettings {
    enum class Ends { none, both, begin, end };
    enum class Cut { none, onsets, beats };

    std::optional<double> start, end, length;  // negative: from the end
    std::string channel_map;                   // empty: as they are
    Ends trim_silence = Ends::none;
    double trim_threshold, trim_hold, trim_pad;
    bool reverse = false;
    std::optional<int> sample_rate;  // Hz
    Cut cut = Cut::none;
    double tempo, cut_beats, cut_offset, onset_threshold, onset_gap;
    std::optional<std::uint64_t> seed;
    double crossfade;
    double fade_in, fade_out;
    int fade_in_shape, fade_out_shape;  // see audio/fade.h
    double fade_in_curve, fade_out_curve;
    double gain_db;
    std::optional<Level> normalize;
    double normalize_to;
    std::optional<double> normalize_limit;
};

/// Throws Error bad-record for a value out of range, and for two that exclude each other; and what
/// check_level() throws.
[[nodiscard]] EditSettings read_edit_settings(const Record& record);

/// A piece of the result, counted from 1: one of one unless the audio is cut and not joined again.
struct EditedPiece {
    std::size_t number, count;
    double start;  ///< seconds from the beginning of what was cut
};

/// Gives the edited audio, or each of its pieces, to take. The order is: the part from start to
/// end, channel_map, trim_silence, reverse, sample_rate, cut and seed, fades, gain or normalize.
/// Throws Error bad-record for a part or a channel that the audio does not have, unsupported if
/// nothing would be left and for too many pieces, and what reading throws.
void edit_audio(Audio audio, const EditSettings& settings,
                const std::function<void(Audio, const EditedPiece&)>& take);

}  // namespace patchpipe
