// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The tables of rpp_rules.h. The layouts are those of REAPER 5 to 7 as their files show them;
// patchpipe-song(5) explains them.

#include "song/rpp_rules.h"

namespace patchpipe {
namespace {

using enum RppValue;

constexpr RppRule song_table[] = {
    {"TITLE", 1, "title", text, ""},
    {"AUTHOR", 1, "author", text, ""},
    {"SAMPLERATE", 1, "sample_rate", whole},
    {"SAMPLERATE", 2, "sample_rate_used", flag},
    {"PANLAW", 1, "pan_law", number, "1"},
    {"PANMODE", 1, "pan_mode", whole, "3"},
    {"PROJOFFS", 1, "start_offset", number, "0"},
    {"PLAYRATE", 1, "play_rate", number, "1"},
    {"ITEMMIX", 1, "item_mix", whole, "1"},
};

constexpr RppRule render_table[] = {
    {"RENDER_FILE", 1, "path", text, ""},    {"RENDER_PATTERN", 1, "pattern", text, ""},
    {"RENDER_FMT", 2, "channels", whole},    {"RENDER_FMT", 3, "sample_rate", whole, "0"},
    {"RENDER_RANGE", 1, "range", whole},     {"RENDER_RANGE", 2, "start", number, "0"},
    {"RENDER_RANGE", 3, "end", number, "0"}, {"RENDER_RANGE", 4, "tail_ranges", whole},
    {"RENDER_RANGE", 5, "tail_ms", whole},   {"RENDER_STEMS", 1, "stems", whole, "0"},
};

constexpr RppRule track_table[] = {
    {"NAME", 1, "name", text},
    {"TRACKID", 1, "guid", text, ""},
    {"VOLPAN", 1, "gain", gain},
    {"VOLPAN", 2, "pan", pan},
    {"VOLPAN", 3, "pan_law", number, "-1"},
    {"VOLPAN", 5, "width", pan, "1"},
    {"MUTESOLO", 1, "mute", flag, "0"},
    {"MUTESOLO", 2, "solo", whole, "0"},
    {"MUTESOLO", 3, "solo_defeat", flag, "0"},
    {"IPHASE", 1, "inverted", flag, "0"},
    {"PLAYOFFS", 1, "play_offset", number, "0"},
    {"PLAYOFFS", 2, "play_offset_flags", whole, "1"},
    {"NCHAN", 1, "channels", whole, "2"},
    {"FX", 1, "fx_bypass", clear, "1"},
    {"MAINSEND", 1, "master_send", flag, "1"},
    {"PEAKCOL", 1, "color", whole, "16576"},
    {"PANMODE", 1, "pan_mode", whole, "-1"},
};

constexpr RppRule master_table[] = {
    {"MASTER_VOLUME", 1, "gain", gain},
    {"MASTER_VOLUME", 2, "pan", pan},
    {"MASTER_VOLUME", 3, "pan_law", number, "-1"},
    {"MASTERMUTESOLO", 1, "mute", whole, "0"},
    {"MASTER_NCH", 1, "channels", whole, "2"},
    {"MASTER_FX", 1, "fx_bypass", clear, "1"},
    {"MASTER_PANMODE", 1, "pan_mode", whole, "-1"},
};

constexpr RppRule send_table[] = {
    {"AUXRECV", 2, "mode", send_mode},
    {"AUXRECV", 3, "gain", gain},
    {"AUXRECV", 4, "pan", pan, "0"},
    {"AUXRECV", 5, "mute", flag, "0"},
    {"AUXRECV", 6, "mono", flag, "0"},
    {"AUXRECV", 7, "inverted", flag, "0"},
    {"AUXRECV", 8, "source_channel", whole, "0"},
    {"AUXRECV", 9, "target_channel", whole, "0"},
    {"AUXRECV", 11, "midi", whole, "0"},
};

constexpr RppRule item_table[] = {
    {"POSITION", 1, "time", number},
    {"LENGTH", 1, "length", number},
    {"LOOP", 1, "loop", flag, "0"},
    {"FADEIN", 1, "fade_in_shape", shape, "0"},
    {"FADEIN", 2, "fade_in", number, "0"},
    {"FADEIN", 3, "auto_fade_in", number, "0"},
    {"FADEIN", 6, "fade_in_curve", number, "0"},
    {"FADEOUT", 1, "fade_out_shape", shape, "0"},
    {"FADEOUT", 2, "fade_out", number, "0"},
    {"FADEOUT", 3, "auto_fade_out", number, "0"},
    {"FADEOUT", 6, "fade_out_curve", number, "0"},
    {"MUTE", 1, "mute", flag, "0"},
    {"IGUID", 1, "guid", text, ""},
    {"VOLPAN", 1, "gain", gain, "1"},
    {"ALLTAKES", 1, "all_takes", flag, "0"},
};

// The levels of the first take are in the item's VOLPAN, those of the next ones in lines of their
// own.
constexpr std::size_t take_levels = 3;
constexpr RppRule take_table[] = {
    {"VOLPAN", 2, "pan", pan, "0"},
    {"VOLPAN", 3, "take_gain", magnitude, "1"},
    {"VOLPAN", 3, "inverted", negative, "1"},
    {"NAME", 1, "name", text, ""},
    {"GUID", 1, "take_guid", text, ""},
    {"SOFFS", 1, "offset", number, "0"},
    {"PLAYRATE", 1, "rate", number, "1"},
    {"PLAYRATE", 2, "preserve_pitch", flag, "0"},
    {"PLAYRATE", 3, "pitch_cents", semitones, "0"},
    {"CHANMODE", 1, "channel_mode", whole, "0"},
    {"TAKEVOLPAN", 1, "pan", pan, "0"},
    {"TAKEVOLPAN", 2, "take_gain", magnitude, "1"},
    {"TAKEVOLPAN", 2, "inverted", negative, "1"},
};
constexpr RppRules all_takes_rules = take_table;

constexpr RppRule fx_table[] = {
    {"BYPASS", 1, "bypass", flag, "0"}, {"BYPASS", 2, "offline", flag, "0"},
    {"WET", 1, "wet", number, "1"},     {"PRESETNAME", 1, "preset_name", text, ""},
    {"FXID", 1, "guid", text, ""},
};

constexpr std::string_view track_lines[] = {
    "NAME \"\"",    "VOLPAN 1 0 -1 -1 1", "MUTESOLO 0 0 0", "IPHASE 0",      "NCHAN 2",    "FX 1",
    "PLAYOFFS 0 1", "TRACKID {}",         "MAINSEND 1 0",   "PEAKCOL 16576", "PANMODE -1",
};
constexpr std::string_view master_lines[] = {
    "MASTERMUTESOLO 0", "MASTER_NCH 2 2",    "MASTER_VOLUME 1 0 -1 -1 1",
    "MASTER_FX 1",      "MASTER_PANMODE -1",
};
constexpr std::string_view song_lines[] = {
    "TITLE \"\"", "AUTHOR \"\"",    "SAMPLERATE 44100 0 0", "PANLAW 1",
    "PANMODE 3",  "PROJOFFS 0 0 0", "PLAYRATE 1 0 0.25 4",  "ITEMMIX 1",
};
constexpr std::string_view render_lines[] = {
    "RENDER_FILE \"\"",           "RENDER_PATTERN \"\"", "RENDER_FMT 0 2 0",
    "RENDER_RANGE 1 0 0 18 1000", "RENDER_STEMS 0",
};
constexpr std::string_view item_lines[] = {
    "POSITION 0",          "LENGTH 0", "LOOP 0",   "ALLTAKES 0",      "FADEIN 0 0 0 0 0 0",
    "FADEOUT 0 0 0 0 0 0", "MUTE 0 0", "IGUID {}", "VOLPAN 1 0 1 -1",
};
constexpr std::string_view take_lines[] = {
    "NAME \"\"",  "TAKEVOLPAN 0 1 -1", "SOFFS 0", "PLAYRATE 1 0 0 -1 0 0.0025",
    "CHANMODE 0", "GUID {}",
};
constexpr std::string_view first_take_lines[] = {
    "NAME \"\"", "SOFFS 0", "PLAYRATE 1 0 0 -1 0 0.0025", "CHANMODE 0", "GUID {}",
};
constexpr std::string_view fx_lines[] = {
    "BYPASS 0 0 0",
    "WET 1",
    "PRESETNAME \"\"",
    "FXID {}",
};

}  // namespace

constinit const RppRules song_rules = song_table, render_rules = render_table,
                         track_rules = track_table, master_rules = master_table,
                         send_rules = send_table, item_rules = item_table,
                         first_take_rules =
                             all_takes_rules.first(all_takes_rules.size() - take_levels),
                         next_take_rules = all_takes_rules.subspan(take_levels),
                         fx_rules = fx_table;

std::span<const std::string_view> usual_lines(RppRules rules) {
    if (rules.data() == track_table) return track_lines;
    if (rules.data() == master_table) return master_lines;
    if (rules.data() == song_table) return song_lines;
    if (rules.data() == render_table) return render_lines;
    if (rules.data() == item_table) return item_lines;
    if (rules.data() == next_take_rules.data()) return take_lines;
    if (rules.data() == first_take_rules.data()) return first_take_lines;
    if (rules.data() == fx_table) return fx_lines;
    return {};
}

}  // namespace patchpipe
