// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "record/settings.h"

#include <algorithm>
#include <cmath>

#include "base/json.h"
#include "base/number.h"
#include "base/utf8.h"
#include "base/words.h"

namespace patchpipe {
namespace {

constexpr double longest_seconds = 86400;  // a day
constexpr double most_decibels = 200, full_scale_db = 100;

bool is_time_signature(std::string_view text) { return parse_time_signature(text).has_value(); }

const std::vector<Setting> table = {
    {.key = "note", .type = SettingType::integer, .max = 127, .default_json = "48"},
    {.key = "velocity", .type = SettingType::integer, .min = 1, .max = 127, .default_json = "127"},
    {.key = "duration",
     .type = SettingType::real,
     .max = longest_seconds,
     .above_min = true,
     .unit = "seconds",
     .default_json = "1.0"},
    {.key = "tail",
     .type = SettingType::real,
     .max = longest_seconds,
     .unit = "seconds",
     .default_json = "1.0",
     .word = "auto"},
    {.key = "tail_threshold",
     .type = SettingType::real,
     .min = -200,
     .max = 0,
     .unit = "dBFS",
     .default_json = "-90"},
    {.key = "tail_hold",
     .type = SettingType::real,
     .max = longest_seconds,
     .unit = "seconds",
     .default_json = "0.2"},
    {.key = "tail_max",
     .type = SettingType::real,
     .max = longest_seconds,
     .unit = "seconds",
     .default_json = "30"},
    {.key = "tempo",
     .type = SettingType::real,
     .min = 1,
     .max = 1000,
     .unit = "quarter notes a minute",
     .default_json = "120"},
    {.key = "time_signature",
     .type = SettingType::text,
     .default_json = "\"4/4\"",
     .fits = is_time_signature,
     .form = "as 4/4 or 6/8"},
    {.key = "compile_options", .type = SettingType::text},
    {.key = "nvoices", .type = SettingType::integer, .max = 256},
    {.key = "control_interval",
     .type = SettingType::integer,
     .min = 1,
     .max = 65536,
     .unit = "frames",
     .default_json = "64"},
    {.key = "output_buses",
     .type = SettingType::text,
     .choices = {"main", "all"},
     .default_json = "\"main\""},
    {.key = "track_channels", .type = SettingType::integer, .min = 2, .max = 128},
    {.key = "sample_rate",
     .type = SettingType::integer,
     .min = 1000,
     .max = 768000,
     .unit = "Hz",
     .default_json = "44100"},
    {.key = "block_size",
     .type = SettingType::integer,
     .min = 1,
     .max = 65536,
     .unit = "frames",
     .default_json = "512"},
    {.key = "format",
     .type = SettingType::text,
     .choices = {"wav", "rf64", "w64", "aiff", "flac", "ogg", "opus", "mp3", "m4a", "npy"},
     .default_json = "\"wav\""},
    {.key = "bit_depth",
     .type = SettingType::text,
     .choices = {"16", "24", "32f"},
     .default_json = "\"16\""},
    {.key = "quality", .type = SettingType::real, .max = 10},
    {.key = "bitrate", .type = SettingType::integer, .min = 6, .max = 65280, .unit = "kbit/s"},
    {.key = "skip_existing", .type = SettingType::flag, .default_json = "false"},
    {.key = "require_change", .type = SettingType::flag, .default_json = "false"},
    {.key = "silence_threshold",
     .type = SettingType::real,
     .min = -200,
     .max = 0,
     .unit = "dBFS",
     .default_json = "-60"},
    {.key = "midi_path", .type = SettingType::text},
    {.key = "midi_duration", .type = SettingType::real, .max = longest_seconds, .unit = "seconds"},
    {.key = "plugin_path", .type = SettingType::text},
    {.key = "program", .type = SettingType::number_or_name},
    {.key = "state_format",
     .type = SettingType::text,
     .choices = {"raw", "raw-bank", "raw-program"}},
    // Of an item in a mix:
    {.key = "time",
     .type = SettingType::real,
     .max = longest_seconds,
     .unit = "seconds",
     .default_json = "0"},
    {.key = "offset",
     .type = SettingType::real,
     .max = longest_seconds,
     .unit = "seconds",
     .default_json = "0"},
    {.key = "length",
     .type = SettingType::real,
     .max = longest_seconds,
     .above_min = true,
     .unit = "seconds"},
    {.key = "rate", .type = SettingType::real, .min = 0.01, .max = 100, .default_json = "1"},
    {.key = "gain_db",
     .type = SettingType::real,
     .min = -200,
     .max = 100,
     .unit = "dB",
     .default_json = "0"},
    {.key = "pan", .type = SettingType::real, .min = -1, .max = 1, .default_json = "0"},
    {.key = "fade_in",
     .type = SettingType::real,
     .max = longest_seconds,
     .unit = "seconds",
     .default_json = "0"},
    {.key = "fade_out",
     .type = SettingType::real,
     .max = longest_seconds,
     .unit = "seconds",
     .default_json = "0"},
    {.key = "fade_shape", .type = SettingType::text, .default_json = "\"linear\""},
    {.key = "fade_in_shape", .type = SettingType::text},
    {.key = "fade_out_shape", .type = SettingType::text},
    {.key = "fade_curve", .type = SettingType::real, .min = -1, .max = 1},
    {.key = "loop", .type = SettingType::flag, .default_json = "false"},
    // Of an edit:
    {.key = "start",
     .type = SettingType::real,
     .min = -longest_seconds,
     .max = longest_seconds,
     .unit = "seconds"},
    {.key = "end",
     .type = SettingType::real,
     .min = -longest_seconds,
     .max = longest_seconds,
     .unit = "seconds"},
    {.key = "channel_map", .type = SettingType::text},
    {.key = "trim_silence",
     .type = SettingType::text,
     .choices = {"both", "start", "end", "none"},
     .default_json = "\"none\""},
    {.key = "trim_threshold",
     .type = SettingType::real,
     .min = -most_decibels,
     .unit = "dBFS",
     .default_json = "-60"},
    {.key = "trim_hold",
     .type = SettingType::real,
     .max = longest_seconds,
     .unit = "seconds",
     .default_json = "0"},
    {.key = "trim_pad",
     .type = SettingType::real,
     .max = longest_seconds,
     .unit = "seconds",
     .default_json = "0"},
    {.key = "reverse", .type = SettingType::flag, .default_json = "false"},
    {.key = "cut",
     .type = SettingType::text,
     .choices = {"onsets", "beats", "none"},
     .default_json = "\"none\""},
    {.key = "cut_beats",
     .type = SettingType::real,
     .min = 0.015625,
     .max = 65536,
     .unit = "beats",
     .default_json = "1"},
    {.key = "cut_offset",
     .type = SettingType::real,
     .max = longest_seconds,
     .unit = "seconds",
     .default_json = "0"},
    {.key = "onset_threshold",
     .type = SettingType::real,
     .max = full_scale_db,
     .above_min = true,
     .unit = "dB",
     .default_json = "6"},
    {.key = "onset_gap",
     .type = SettingType::real,
     .max = longest_seconds,
     .unit = "seconds",
     .default_json = "0.05"},
    {.key = "seed", .type = SettingType::integer, .max = 9007199254740991},
    {.key = "crossfade",
     .type = SettingType::real,
     .max = longest_seconds,
     .unit = "seconds",
     .default_json = "0"},
    {.key = "normalize",
     .type = SettingType::text,
     .choices = {"peak", "true-peak", "loudness", "none"},
     .default_json = "\"none\""},
    {.key = "normalize_to",
     .type = SettingType::real,
     .min = -most_decibels,
     .max = full_scale_db,
     .unit = "dBFS or LUFS"},
    {.key = "normalize_limit",
     .type = SettingType::real,
     .min = -most_decibels,
     .max = full_scale_db,
     .unit = "dBFS"},
    {.key = "dither", .type = SettingType::flag, .default_json = "false"},
};

std::string range(const Setting& setting) {
    const auto low = json_number(setting.min);
    const auto high = json_number(setting.max);
    std::string words =
        setting.above_min ? "above " + low + " and at most " + high : low + " to " + high;
    if (setting.type == SettingType::integer) words = "a whole number, " + words;
    if (!setting.unit.empty()) words += " " + std::string(setting.unit);
    if (!setting.word.empty()) words += ", or \"" + std::string(setting.word) + "\"";
    return words;
}

// A choice may be written as a number, as in "bit_depth":24.
std::optional<std::string> choice_or_text(const Setting& setting, const Record& record) {
    const auto json = record.raw(setting.key);
    if (json && !setting.choices.empty() && json->find_first_of("-0123456789") == 0)
        return json_number(*record.number(setting.key));
    return record.text(setting.key);
}

std::string default_of(const Setting& setting) { return std::string(setting.default_json); }

}  // namespace

std::span<const Setting> settings() { return table; }

const Setting& setting(std::string_view key) {
    return *std::find_if(table.begin(), table.end(), [key](const auto& s) { return s.key == key; });
}

std::optional<std::string> complaint(const Setting& setting, double value) {
    const bool whole = setting.type != SettingType::integer || value == std::floor(value);
    const bool low = value < setting.min || (setting.above_min && value == setting.min);
    if (whole && !low && value <= setting.max) return {};
    return "must be " + range(setting) + ", is " + json_number(value);
}

std::optional<std::string> complaint(const Setting& setting, std::string_view value) {
    if (setting.fits && !setting.fits(value))
        return "must be " + std::string(setting.form) + ", is '" + std::string(value) + "'";
    const auto& choices = setting.choices;
    if (choices.empty() && value.find('\0') != value.npos) return "must not hold a NUL character";
    if (choices.empty() && !value.empty()) return {};
    if (choices.empty()) return "must not be empty";
    if (std::find(choices.begin(), choices.end(), value) != choices.end()) return {};
    return "must be " + joined(choices, ", ", " or ") + ", is '" + std::string(value) + "'";
}

std::string setting_json(const Setting& setting, std::string_view value) {
    const auto refuse = [&](const std::string& why) {
        throw UsageError(std::string(setting.key) + ": " + why);
    };
    if (setting.type == SettingType::flag) {
        if (value != "true" && value != "false")
            refuse("must be true or false, is '" + std::string(value) + "'");
        return std::string(value);
    }
    if (setting.type == SettingType::number_or_name)
        if (const auto number = parse_whole<std::int64_t>(value); number && *number >= 0)
            return json_number(*number);
    if (setting.type == SettingType::text || setting.type == SettingType::number_or_name) {
        if (const auto wrong = complaint(setting, value)) refuse(*wrong);
        if (!is_utf8(value)) refuse("is not UTF-8, which JSON requires");
        return json_text(value);
    }
    if (!setting.word.empty() && value == setting.word) return json_text(value);
    const auto number = parse_number(value);
    if (!number) refuse("must be " + range(setting) + ", is '" + std::string(value) + "'");
    if (const auto wrong = complaint(setting, *number)) refuse(*wrong);
    return json_number(*number);
}

bool has_word(const Record& record, std::string_view key) {
    const auto json = record.raw(key);
    return json && json->starts_with('"') && !setting(key).word.empty() &&
           record.text(key) == setting(key).word;
}

std::optional<std::pair<int, int>> parse_time_signature(std::string_view text) {
    constexpr int most = 64;
    const auto slash = std::min(text.find('/'), text.size());
    const auto beats = parse_whole<int>(text.substr(0, slash));
    const auto note = parse_whole<int>(text.substr(std::min(slash + 1, text.size())));
    if (!beats || !note || *beats < 1 || *note < 1 || std::max(*beats, *note) > most) return {};
    if ((*note & (*note - 1)) != 0) return {};
    return std::pair(*beats, *note);
}

double number_setting(const Record& record, std::string_view key) {
    const auto& entry = setting(key);
    const auto json = record.raw(key);
    if (json && json->starts_with('"') && !entry.word.empty())
        throw Error(ErrorKind::bad_record, key,
                    "must be " + range(entry) + ", is " + std::string(*json));
    const auto value = record.number(key);
    if (!value) return parse_number(entry.default_json).value_or(0);
    if (const auto wrong = complaint(entry, *value))
        throw Error(ErrorKind::bad_record, key, *wrong);
    return *value;
}

std::string text_setting(const Record& record, std::string_view key) {
    const auto& entry = setting(key);
    const auto value = choice_or_text(entry, record);
    if (!value) {
        const auto quoted = default_of(entry);
        return quoted.empty() ? quoted : quoted.substr(1, quoted.size() - 2);
    }
    if (const auto wrong = complaint(entry, *value))
        throw Error(ErrorKind::bad_record, key, *wrong);
    return *value;
}

bool flag_setting(const Record& record, std::string_view key) {
    return record.flag(key).value_or(setting(key).default_json == "true");
}

}  // namespace patchpipe
