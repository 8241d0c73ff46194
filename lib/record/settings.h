// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The render settings of a record: one table of keys, ranges and defaults that serves every tool.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "record/record.h"

namespace patchpipe {

enum class SettingType {
    integer,
    real,
    text,
    flag,
    number_or_name,  ///< a whole number from 0, or any other text
};

struct Setting {
    std::string_view key;
    SettingType type;
    double min = 0;                              // integer and real: the least value ...
    double max = 0;                              // ... and the greatest
    bool above_min = false;                      // the least value itself is not allowed
    std::string_view unit = {};                  // as written in messages
    std::vector<std::string_view> choices = {};  // text: what is allowed; empty: anything
    std::string_view default_json = {};          // empty: none
    std::string_view word = {};                  // a text that a number may be instead
    bool (*fits)(std::string_view) = nullptr;    // a text of free form: true if it is allowed ...
    std::string_view form = {};                  // ... which this says in messages
};

/// Every setting: note, velocity, duration, tail, sample_rate, block_size, format, bit_depth,
/// quality, bitrate, tempo, time_signature, compile_options, nvoices, control_interval,
/// output_buses, track_channels, tail_threshold, tail_hold, tail_max, silence_threshold,
/// skip_existing, require_change, midi_path, midi_duration, plugin_path, program, state_format, and
/// those of an item in a mix: time, offset, length, rate, gain_db, pan, fade_in, fade_out,
/// fade_shape, fade_in_shape, fade_out_shape, fade_curve, loop; and of an edit, which has some of
/// these too: start, end, channel_map, trim_silence, trim_threshold, trim_hold, trim_pad, reverse,
/// cut, cut_beats, cut_offset, onset_threshold, onset_gap, seed, crossfade, normalize,
/// normalize_to, normalize_limit, dither.
[[nodiscard]] std::span<const Setting> settings();

/// The setting of that key. It must be in the table.
[[nodiscard]] const Setting& setting(std::string_view key);

/// Says what is wrong with the value, such as "must be 0 to 127"; nothing if it is allowed.
[[nodiscard]] std::optional<std::string> complaint(const Setting& setting, double value);
[[nodiscard]] std::optional<std::string> complaint(const Setting& setting, std::string_view value);

/// The JSON text of a value written on a command line. Throws UsageError with the range.
[[nodiscard]] std::string setting_json(const Setting& setting, std::string_view value);

/// True if the record has that setting's word instead of a number: "tail": "auto".
[[nodiscard]] bool has_word(const Record& record, std::string_view key);

/// The beats and the note that is one of them in a time signature, "6/8" being {6, 8}: 1 to 64, and
/// a power of two, 1 to 64. Nothing for any other text.
[[nodiscard]] std::optional<std::pair<int, int>> parse_time_signature(std::string_view text);

/// The record's value, or the default if it has none: 0 or an empty text for a setting without a
/// default. Throws Error bad-record with the range.
[[nodiscard]] double number_setting(const Record& record, std::string_view key);
[[nodiscard]] std::string text_setting(const Record& record, std::string_view key);
[[nodiscard]] bool flag_setting(const Record& record, std::string_view key);

}  // namespace patchpipe
