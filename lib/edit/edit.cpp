// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "edit/edit.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "audio/record_fade.h"
#include "base/error.h"
#include "base/json.h"
#include "base/number.h"
#include "base/words.h"
#include "edit/changes.h"
#include "edit/onsets.h"
#include "edit/pieces.h"
#include "edit/sound_bounds.h"
#include "record/settings.h"

namespace patchpipe {
namespace {

[[noreturn]] void refuse(std::string_view key, const std::string& why) {
    throw Error(ErrorKind::bad_record, key, why);
}

std::optional<double> given_number(const Record& record, std::string_view key) {
    if (!record.raw(key)) return {};
    return number_setting(record, key);
}

EditSettings::Ends ends_named(const std::string& name) {
    if (name == "both") return EditSettings::Ends::both;
    if (name == "start") return EditSettings::Ends::begin;
    return name == "end" ? EditSettings::Ends::end : EditSettings::Ends::none;
}

EditSettings::Cut cut_named(const std::string& name) {
    if (name == "onsets") return EditSettings::Cut::onsets;
    return name == "beats" ? EditSettings::Cut::beats : EditSettings::Cut::none;
}

std::optional<Level> level_named(const std::string& name) {
    if (name == "peak") return Level::peak;
    if (name == "true-peak") return Level::true_peak;
    return name == "loudness" ? std::optional(Level::loudness) : std::nullopt;
}

// What people normalise to: a decibel below full scale, which a lossy encoder may overshoot by, and
// EBU R 128's loudness.
double usual_target(std::optional<Level> level) {
    constexpr double peak = -1, loudness = -23;
    return level == Level::loudness ? loudness : peak;
}

// Channels counted from 1 in the map, and from 0 in the result.
std::vector<int> picked(const std::string& map) {
    constexpr int most = 1024;
    std::vector<int> channels;
    for (std::size_t begin = 0; begin <= map.size();) {
        const auto end = std::min(map.find(',', begin), map.size());
        const auto channel = parse_whole<int>(std::string_view(map).substr(begin, end - begin));
        if (!channel || *channel < 1 || *channel > most || channels.size() == most)
            refuse("channel_map",
                   "must be mono, stereo, or numbers of channels from 1 on such as "
                   "2,1, is '" +
                       printable(map) + "'");
        channels.push_back(*channel - 1);
        begin = end + 1;
    }
    return channels;
}

void check_together(const EditSettings& edit, const Record& record) {
    if (edit.end && edit.length) refuse("length", "excludes end: give one of them");
    if (edit.length && *edit.length < 0) refuse("length", "must not be negative; use end");
    if (edit.normalize && record.raw("gain_db") && edit.gain_db != 0)
        refuse("gain_db", "excludes normalize, which sets the gain");
    if (edit.cut == EditSettings::Cut::beats && !record.raw("tempo"))
        refuse("tempo", "is missing: cut beats needs the beats in a minute");
    if (edit.seed && edit.cut == EditSettings::Cut::none)
        refuse("seed", "orders the pieces of a cut; give cut too");
    if (edit.crossfade > 0 && !edit.seed)
        refuse("crossfade", "is for pieces that are joined by seed; use fade_in and fade_out");
    if (!edit.channel_map.empty() && edit.channel_map != "mono" && edit.channel_map != "stereo")
        (void)picked(edit.channel_map);
}

std::int64_t frames_in(double seconds, const AudioSource& audio) {
    return std::llround(seconds * audio.sample_rate());
}

// A time from the beginning, or a negative one from the end, as a frame of the audio.
std::int64_t frame_at(double seconds, const AudioSource& audio) {
    const auto frame = frames_in(seconds, audio);
    return std::clamp<std::int64_t>(std::signbit(seconds) ? audio.frames() + frame : frame, 0,
                                    audio.frames());
}

std::string seconds_of(const AudioSource& audio) {
    return json_number(static_cast<double>(audio.frames()) / audio.sample_rate()) + " s";
}

Audio timed_part(Audio audio, const EditSettings& edit) {
    if (!edit.start && !edit.end && !edit.length) return audio;
    const auto begin = frame_at(edit.start.value_or(0), *audio);
    auto end = audio->frames();
    if (edit.end) end = frame_at(*edit.end, *audio);
    if (edit.length) end = std::min(end, begin + frames_in(*edit.length, *audio));
    if (begin >= end)
        refuse(begin == audio->frames() ? "start"
               : edit.end               ? "end"
                                        : "length",
               "leaves nothing of a file of " + seconds_of(*audio));
    return part_of(std::move(audio), begin, end - begin);
}

Audio mapped(Audio audio, const std::string& map) {
    if (map.empty()) return audio;
    if (map == "mono") return mono(std::move(audio));
    if (map == "stereo") {
        if (audio->channels() == 2) return audio;
        if (audio->channels() == 1) return picked_channels(std::move(audio), {0, 0});
        refuse("channel_map", "stereo is for one or two channels, not " +
                                  std::to_string(audio->channels()) +
                                  "; pick two, such as 1,2, or take mono");
    }
    auto channels = picked(map);
    const int last = *std::max_element(channels.begin(), channels.end()) + 1;
    if (last > audio->channels())
        refuse("channel_map", "takes channel " + std::to_string(last) + ", but there are " +
                                  std::to_string(audio->channels()));
    return picked_channels(std::move(audio), std::move(channels));
}

Audio without_silence(Audio audio, const EditSettings& edit) {
    using Ends = EditSettings::Ends;
    if (edit.trim_silence == Ends::none) return audio;
    const auto sound = sound_bounds(*audio, std::pow(10, edit.trim_threshold / 20),
                                    frames_in(edit.trim_hold, *audio));
    if (!sound)
        refuse_unsupported("trim_silence", "nothing would be left: no sound exceeds " +
                                               json_number(edit.trim_threshold) + " dBFS" +
                                               (edit.trim_hold > 0 ? " for so long" : ""));
    const auto pad = frames_in(edit.trim_pad, *audio);
    const auto begin =
        edit.trim_silence == Ends::end ? 0 : std::max<std::int64_t>(sound->begin - pad, 0);
    const auto end = edit.trim_silence == Ends::begin ? audio->frames()
                                                      : std::min(sound->end + pad, audio->frames());
    audio->seek(0);
    return part_of(std::move(audio), begin, end - begin);
}

std::vector<Piece> cut_pieces(const std::shared_ptr<const Spool>& spool, const EditSettings& edit) {
    const auto& form = spool->form();
    if (edit.cut == EditSettings::Cut::beats)
        return pieces_between(find_beats(form, edit.tempo, edit.cut_beats, edit.cut_offset),
                              form.frames);
    const auto all = part_of(spool, 0, form.frames);
    return pieces_between(find_onsets(*all, {edit.onset_threshold, edit.onset_gap}), form.frames);
}

// What is done to the whole result, or to each piece.
Audio finished(Audio audio, const EditSettings& edit) {
    const Fade in{frames_in(edit.fade_in, *audio), edit.fade_in_shape, edit.fade_in_curve};
    const Fade out{frames_in(edit.fade_out, *audio), edit.fade_out_shape, edit.fade_out_curve};
    audio = faded(std::move(audio), in, out);
    const double gain = edit.normalize ? normalising_gain(*audio, *edit.normalize,
                                                          edit.normalize_to, edit.normalize_limit)
                                       : std::pow(10, edit.gain_db / 20);
    audio->seek(0);
    return amplified(std::move(audio), gain);
}

}  // namespace

EditSettings read_edit_settings(const Record& record) {
    const auto number = [&](std::string_view key) { return number_setting(record, key); };
    const auto level = level_named(text_setting(record, "normalize"));
    const int in_shape = record_fade_shape(record, "fade_in_shape");
    const int out_shape = record_fade_shape(record, "fade_out_shape");
    const auto rate = given_number(record, "sample_rate"), seed = given_number(record, "seed");
    const EditSettings edit{
        .start = given_number(record, "start"),
        .end = given_number(record, "end"),
        .length = given_number(record, "length"),
        .channel_map = text_setting(record, "channel_map"),
        .trim_silence = ends_named(text_setting(record, "trim_silence")),
        .trim_threshold = number("trim_threshold"),
        .trim_hold = number("trim_hold"),
        .trim_pad = number("trim_pad"),
        .reverse = flag_setting(record, "reverse"),
        .sample_rate = rate ? std::optional(static_cast<int>(*rate)) : std::nullopt,
        .cut = cut_named(text_setting(record, "cut")),
        .tempo = number("tempo"),
        .cut_beats = number("cut_beats"),
        .cut_offset = number("cut_offset"),
        .onset_threshold = number("onset_threshold"),
        .onset_gap = number("onset_gap"),
        .seed = seed ? std::optional(static_cast<std::uint64_t>(*seed)) : std::nullopt,
        .crossfade = number("crossfade"),
        .fade_in = number("fade_in"),
        .fade_out = number("fade_out"),
        .fade_in_shape = in_shape,
        .fade_out_shape = out_shape,
        .fade_in_curve = record_fade_curve(record, in_shape),
        .fade_out_curve = record_fade_curve(record, out_shape),
        .gain_db = number("gain_db"),
        .normalize = level,
        .normalize_to = given_number(record, "normalize_to").value_or(usual_target(level)),
        .normalize_limit = given_number(record, "normalize_limit")};
    check_together(edit, record);
    if (edit.normalize) check_level(*edit.normalize);
    return edit;
}

void edit_audio(Audio audio, const EditSettings& edit,
                const std::function<void(Audio, const EditedPiece&)>& take) {
    audio = timed_part(std::move(audio), edit);
    audio = mapped(std::move(audio), edit.channel_map);
    audio = without_silence(std::move(audio), edit);
    if (edit.reverse) audio = reversed(std::move(audio));
    if (edit.sample_rate) audio = resampled(std::move(audio), *edit.sample_rate);
    if (edit.cut == EditSettings::Cut::none)
        return take(finished(std::move(audio), edit), {1, 1, 0});
    const auto spool = std::make_shared<const Spool>(*audio);
    audio.reset();
    auto pieces = cut_pieces(spool, edit);
    const auto crossfade = std::llround(edit.crossfade * spool->form().sample_rate);
    if (edit.seed)
        return take(
            finished(joined_pieces(spool, shuffled(std::move(pieces), *edit.seed), crossfade),
                     edit),
            {1, 1, 0});
    for (std::size_t i = 0; i < pieces.size(); ++i)
        take(finished(part_of(spool, pieces[i].begin, pieces[i].frames), edit),
             {i + 1, pieces.size(),
              static_cast<double>(pieces[i].begin) / spool->form().sample_rate});
}

}  // namespace patchpipe
