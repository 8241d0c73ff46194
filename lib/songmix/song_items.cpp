// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "songmix/song_items.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>
#include <utility>
#include <vector>

#include "audio/fade.h"
#include "audio/pan.h"
#include "audio/resample.h"
#include "file/absolute.h"
#include "midi/time_map.h"
#include "songmix/envelope.h"
#include "songmix/fader.h"
#include "songmix/fields.h"

namespace patchpipe {
namespace {

[[noreturn]] void refuse_item(const std::string& take, const std::string& message) {
    throw Error(ErrorKind::bad_record, take, message);
}

double checked(const Record& record, const std::string& take, std::string_view key, double missing,
               double least, double most) {
    const double value = number_in(record, key, missing);
    if (value >= least && value <= most) return value;
    refuse_item(take, std::string(key) + " is out of range; correct it");
}

constexpr double longest_item = 1e7;  // seconds

// A crossfade counts instead of the fade of its own.
MixFade fade_of(const Record& record, const std::string& take, const std::string& end, int rate) {
    const double automatic =
        checked(record, take, "auto_fade_" + end, 0, -longest_item, longest_item);
    const double own = checked(record, take, "fade_" + end, 0, -longest_item, longest_item);
    const auto key = "fade_" + end + "_shape";
    const auto raw = record.raw(key).value_or("\"linear\"");
    const auto shape =
        fade_named(raw.starts_with('"') ? record.text(key).value_or("linear") : std::string(raw));
    if (!shape) refuse_item(take, key + " must be one that audio-mix(1) lists; correct it");
    const double usual = default_curvature(*shape) * (end == "in" ? 1 : -1);
    const double seconds = std::max(0.0, automatic > 0 ? automatic : own);
    return {.frames = frame_at(seconds, rate),
            .shape = *shape,
            .curvature = checked(record, take, "fade_" + end + "_curve", usual, -1, 1)};
}

// The envelopes of a take, and with one for its pan, the pan too.
class TakeGains : public MixGains {
 public:
    TakeGains(const SongModel& song, const std::string& take, double pan, int sample_rate)
        : gain_(find_envelope(song, take, "gain")),
          pan_(find_envelope(song, take, "pan")),
          mute_(find_envelope(song, take, "mute")),
          position_(pan),
          sample_rate_(sample_rate) {
        // Those of a take have the tags of the tracks' envelopes before the effects.
        if (!gain_) gain_ = find_envelope(song, take, "gain", "pre-fx");
        if (!pan_) pan_ = find_envelope(song, take, "pan", "pre-fx");
    }

    [[nodiscard]] bool any() const { return gain_ || pan_ || mute_; }
    [[nodiscard]] bool has_pan() const { return pan_.has_value(); }

    void fill(std::int64_t begin, std::span<double> left, std::span<double> right) override {
        values_.resize(left.size());
        const auto take_values = [&](const Envelope& envelope) -> std::vector<double>& {
            envelope.fill(begin, sample_rate_, values_);
            return values_;
        };
        std::fill(left.begin(), left.end(), 1);
        if (gain_)
            std::transform(take_values(*gain_).begin(), values_.end(), left.begin(),
                           [](double gain) { return std::max(0.0, gain); });
        if (mute_) {
            constexpr double middle = 0.5;
            const auto& sounds = take_values(*mute_);
            for (std::size_t i = 0; i < left.size(); ++i)
                if (sounds[i] < middle) left[i] = 0;
        }
        std::copy(left.begin(), left.end(), right.begin());
        if (!pan_) return;
        const auto& pans = take_values(*pan_);
        for (std::size_t i = 0; i < left.size(); ++i) {
            const auto gains =
                pan_gains(PanLaw::balance, std::clamp(position_ + pans[i], -1.0, 1.0));
            left[i] *= gains.left;
            right[i] *= gains.right;
        }
    }

 private:
    std::optional<Envelope> gain_, pan_, mute_;
    double position_;
    int sample_rate_;
    std::vector<double> values_;
};

}  // namespace

SongItems::SongItems(const SongModel& song, int sample_rate, SongSources& sources)
    : song_(song),
      tempo_(song.tempo_map()),
      sample_rate_(sample_rate),
      sources_(sources),
      folder_(folder_of(song.song().text("path").value_or(""))) {}

std::optional<MixItem> SongItems::item(const std::string& take, int track_channels) {
    auto item = placed(take);
    if (item.frames == 0 || !set_source(item, take, track_channels)) return {};
    set_levels(item, take);
    return item;
}

std::optional<MixItem> SongItems::item_before_effects(const std::string& take, int track_channels) {
    auto item = placed(take);
    if (item.frames == 0 || !set_source(item, take, track_channels)) return {};
    return item;
}

MixItem SongItems::item_behind_effects(const std::string& take, const std::string& file,
                                       int track_channels) {
    auto item = placed(take);
    const auto whole = whole_file(file, track_channels);
    item.source = whole.source;
    item.source_rate = whole.source_rate;
    item.source_begin = frame_at(span_of(take).begin, whole.source_rate);
    set_levels(item, take);
    return item;
}

MixItem SongItems::whole_file(const std::string& file, int track_channels) {
    SourceView view{.file = sources_.files().add(absolute_path(file))};
    view.frames = sources_.files().frames(view.file);
    const int rate = rate_of(view.file);
    fit(view, 0, track_channels);
    const auto frames = frames_in_mix(view.frames, rate, sample_rate_);
    return {.source = sources_.add(std::move(view)),
            .frames = frames,
            .source_rate = static_cast<double>(rate)};
}

std::int64_t SongItems::end() const {
    std::int64_t frames = 0;
    for (const auto& track : song_.tracks())
        for (const auto& item : song_.items(track))
            frames = std::max(frames, frame_at(span_of(item).end, sample_rate_));
    return frames;
}

// Either is given in seconds or in beats.
SongItems::Span SongItems::span_of(const std::string& take) const {
    const auto& record = *song_.find(take);
    const auto beat = record.number("beat");
    const double begin =
        checked(record, take, "time", beat ? tempo_.time_at(*beat) : 0, 0, longest_item);
    const auto beats = record.number("beats");
    const double end = beats ? tempo_.time_at(tempo_.beat_at(begin) + *beats) : begin;
    return {begin, begin + checked(record, take, "length", end - begin, 0, longest_item)};
}

MixItem SongItems::placed(const std::string& take) const {
    const auto [time, end] = span_of(take);
    const auto begin = frame_at(time, sample_rate_);
    // Of two items that follow each other the first ends where the second begins.
    return {.begin = begin, .frames = frame_at(end, sample_rate_) - begin};
}

void SongItems::set_levels(MixItem& item, const std::string& take) const {
    const auto& record = *song_.find(take);
    item.gain = gain_in(record, take, "gain") * gain_in(record, take, "take_gain") *
                (flag_in(record, "inverted") ? -1 : 1);
    item.pan = checked(record, take, "pan", 0, -1, 1);
    item.fade_in = fade_of(record, take, "in", sample_rate_);
    item.fade_out = fade_of(record, take, "out", sample_rate_);
    auto gains = std::make_shared<TakeGains>(song_, take, item.pan, sample_rate_);
    if (!gains->any()) return;
    if (gains->has_pan()) item.pan = 0;
    item.gains = std::move(gains);
}

// Returns false if there is no audio.
bool SongItems::set_source(MixItem& item, const std::string& take, int track_channels) {
    const auto& record = *song_.find(take);
    const auto json = record.raw("source");
    if (!json) return false;
    const Record source(*json);
    const auto kind = source.text("kind").value_or("audio");
    if (kind == "midi" || kind == "empty" || kind == "click") return false;
    const bool is_file = kind == "audio" || kind == "offline" || source.raw("path");
    if (kind == "project" || !is_file)
        throw Error(ErrorKind::unsupported, take,
                    "has a source of the kind " + kind +
                        ", which cannot be mixed; render it to a file, or mute the item");
    auto view = view_of(take, source);
    const int rate = rate_of(view.file);
    if (view.frames == 0) return false;
    view.repeated = flag_in(record, "loop");
    fit(view, static_cast<int>(record.integer("channel_mode").value_or(0)), track_channels);

    constexpr double slowest = 1e-3, fastest = 1e3, most_cents = 7200;
    const double speed = checked(record, take, "rate", 1, slowest, fastest);
    const double cents = checked(record, take, "pitch_cents", 0, -most_cents, most_cents);
    const double offset = checked(record, take, "offset", 0, -longest_item, longest_item);
    const bool stretched = flag_in(record, "preserve_pitch") && speed != 1;
    item.source_begin = std::llround(offset * rate);
    // One that is repeated has no beginning, and a mix reads nothing before frame 0.
    constexpr std::int64_t far = std::int64_t{1} << 40;
    if (view.repeated)
        item.source_begin += ((far - item.source_begin) / view.frames + 1) * view.frames;
    item.source_rate = stretched ? rate : rate * speed;
    if (item.source_rate / sample_rate_ > Resampler::greatest_ratio ||
        sample_rate_ / item.source_rate > Resampler::greatest_ratio)
        throw Error(ErrorKind::unsupported, take,
                    "has a rate that is too far from that of the mix; mix at another sample rate");
    if (find_envelope(song_, take, "pitch"))
        throw Error(ErrorKind::unsupported, take,
                    "has an envelope for its pitch, which cannot be followed; render the item to a "
                    "file, or make the envelope inactive");
    if (record.integer("stretch_markers").value_or(0) > 0)
        throw Error(ErrorKind::unsupported, take,
                    "has stretch markers, which cannot be followed; glue the item in REAPER, or "
                    "remove them");
    if (!stretched && cents == 0) {
        item.source = sources_.add(std::move(view));
        return true;
    }
    constexpr double octave = 1200;
    item.source = sources_.add_stretched(std::move(view), {.source_rate = item.source_rate,
                                                           .source_begin = item.source_begin,
                                                           .time_ratio = stretched ? 1 / speed : 1,
                                                           .pitch_scale = std::exp2(cents / octave),
                                                           .frames = item.frames});
    item.source_begin = 0;
    item.source_rate = sample_rate_;
    return true;
}

// The part of the file that its section leaves.
SourceView SongItems::view_of(const std::string& take, const Record& source) {
    const auto path = source.path("path").value_or("");
    if (source.text("kind") == "offline" || path.empty())
        throw Error(ErrorKind::not_found, path.empty() ? take : path,
                    "was missing when the song was saved, and is in the item " + take +
                        "; relink it, or mute the item");
    SourceView view{.file = sources_.files().add(absolute_path(
                        path.front() == '/' || folder_.empty() ? path : folder_ + "/" + path))};
    view.frames = sources_.files().frames(view.file);
    view.reversed = flag_in(*song_.find(take), "reverse");
    if (!source.raw("section_length")) return view;
    const int rate = rate_of(view.file);
    const auto from = frame_at(checked(source, take, "from", 0, 0, longest_item), rate);
    const auto length = frame_at(checked(source, take, "section_length", 0, 0, longest_item), rate);
    constexpr int only_reversed = 3;
    if (source.number("mode") == only_reversed || length == 0) return view;
    view.begin = std::min(from, view.frames);
    view.frames = std::min(length, view.frames - view.begin);
    return view;
}

// An npy file has none.
int SongItems::rate_of(std::size_t file) const {
    return sources_.files().sample_rate(file).value_or(sample_rate_);
}

// REAPER's number: 1 swaps both, 2 is the mean, 3 and more are one channel each from the first,
// and from 67 on two channels from the first.
void SongItems::fit(SourceView& view, int channel_mode, int track_channels) const {
    constexpr int swapped = 1, mean = 2, first_single = 3, first_pair = 67;
    const int channels = sources_.files().channels(view.file);
    const auto most = std::max(2, track_channels);
    if (channels == 1) return;
    if (channel_mode == swapped) view.channels = {1, 0};
    if (channel_mode == mean) view.mono = true;
    if (channel_mode >= first_pair)
        view.channels = {channel_mode - first_pair, channel_mode - first_pair + 1};
    else if (channel_mode >= first_single)
        view.channels = {channel_mode - first_single};
    if (!view.channels.empty() || view.mono || channels <= most) return;
    view.channels.resize(static_cast<std::size_t>(most));
    std::iota(view.channels.begin(), view.channels.end(), 0);
}

}  // namespace patchpipe
