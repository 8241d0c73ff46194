// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "songmix/song_mixer.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "audio/mix.h"
#include "songmix/fader.h"
#include "songmix/song_items.h"

namespace patchpipe {
namespace {

// A part of the channels, as REAPER's numbers in a send say it: the first one, and in the bits from
// 10 on 0 for two channels, 1 for one and n for 2 n.
struct ChannelRange {
    int first = 0, count = 2;
};

ChannelRange range_of(std::int64_t number) {
    constexpr std::int64_t step = 1024, most = 64;
    const auto kind = number / step;
    const auto count = kind == 0 ? 2 : kind == 1 ? 1 : 2 * std::min(kind, most);
    return {static_cast<int>(number % step), static_cast<int>(count)};
}

void add_block(std::span<const double> from, int from_channels, std::span<double> to,
               int to_channels) {
    const auto in = static_cast<std::size_t>(from_channels);
    const auto out = static_cast<std::size_t>(to_channels);
    if (in == out) {
        for (std::size_t i = 0; i < to.size(); ++i) to[i] += from[i];
        return;
    }
    const auto shared = std::min(in, out);
    for (std::size_t frame = 0; frame < to.size() / out; ++frame)
        for (std::size_t channel = 0; channel < shared; ++channel)
            to[frame * out + channel] += from[frame * in + channel];
}

// The next frames of items, or of a stem; empty if nothing sounds in them.
void read_block(std::optional<Mix>& mix, int frames, int channels, std::vector<double>& block) {
    block.clear();
    if (!mix) return;
    if (!mix->sounds_in(frames)) return mix->skip(frames);
    block.resize(static_cast<std::size_t>(frames * channels));
    mix->read(block);
}

}  // namespace

// What comes through a send.
struct SongMixer::Receive {
    Strip* source;
    bool below;  // taken before the source's effects
    bool stem;   // taken before its fader
    bool mono;
    ChannelRange from, to;
    Fader fader;
    std::vector<double> block = {};

    void add(std::span<const double> audio, int channels, std::span<double> out, int out_channels,
             std::int64_t begin);

 private:
    void copy(std::span<const double> audio, std::size_t channels, std::size_t width);
};

class SongMixer::Strip {
 public:
    Strip(const SongModel& song, const RoutedTrack& routed_track, int sample_rate)
        : routed(routed_track),
          channels(channels_of(song, routed_track.track)),
          pre_fx(pre_fx_fader(song, routed_track.track), sample_rate),
          fader(track_fader(song, routed_track.track), sample_rate) {}

    [[nodiscard]] bool has_effects() const { return !routed.effects.empty(); }
    [[nodiscard]] const std::vector<double>& before_fader() const {
        return has_effects() ? effected : below;
    }

    const RoutedTrack& routed;
    int channels;
    Fader pre_fx, fader;
    bool needs_below = false, needs_behind = false;
    std::optional<Mix> items, stem;  // stem: what left the effects
    std::vector<Strip*> children;
    std::vector<Receive> receives;
    // Below the effects, behind them if there are any, and behind the fader. Where it is silent, as
    // most of many tracks are at most times, a block is empty and costs nothing.
    std::vector<double> below, effected, behind;
};

// A send of one channel is heard on both sides.
void SongMixer::Receive::copy(std::span<const double> audio, std::size_t channels,
                              std::size_t width) {
    const auto frames = audio.size() / channels;
    const auto first = static_cast<std::size_t>(from.first);
    block.assign(frames * width, 0);
    for (std::size_t frame = 0; frame < frames; ++frame)
        for (std::size_t channel = 0; channel < width; ++channel) {
            const auto source_channel = first + (from.count == 1 ? 0 : channel);
            if (source_channel < channels)
                block[frame * width + channel] = audio[frame * channels + source_channel];
        }
    if (!mono) return;
    for (std::size_t frame = 0; frame < frames; ++frame) {
        double sum = 0;
        for (std::size_t channel = 0; channel < width; ++channel)
            sum += block[frame * width + channel];
        for (std::size_t channel = 0; channel < width; ++channel)
            block[frame * width + channel] = sum / static_cast<double>(width);
    }
}

void SongMixer::Receive::add(std::span<const double> audio, int channels, std::span<double> out,
                             int out_channels, std::int64_t begin) {
    const auto width = static_cast<std::size_t>(std::max(2, from.count));
    copy(audio, static_cast<std::size_t>(channels), width);
    fader.apply(block, static_cast<int>(width), begin);
    const auto into = static_cast<std::size_t>(out_channels);
    const auto first = static_cast<std::size_t>(to.first);
    for (std::size_t frame = 0; frame < block.size() / width; ++frame)
        for (std::size_t channel = 0; channel < width; ++channel) {
            // Into one channel goes the mean.
            const auto target = first + (to.count == 1 ? 0 : channel);
            const double share = to.count == 1 ? 1 / static_cast<double>(width) : 1;
            if (target < into) out[frame * into + target] += block[frame * width + channel] * share;
        }
}

SongMixer::SongMixer(const SongModel& song, SongMixSettings settings)
    : song_(song), settings_(std::move(settings)), sources_(settings_.sample_rate) {}

SongMixer::SongMixer(const SongModel& song, const Routing& routing, SongMixSettings settings,
                     const std::vector<Wanted>& wanted)
    : SongMixer(song, std::move(settings)) {
    for (const auto& track : routing.tracks()) {
        places_[track.track] = strips_.size();
        strips_.push_back(std::make_unique<Strip>(song_, track, settings_.sample_rate));
    }
    want(wanted);
    make_silence();
    for (const auto& strip : strips_)
        if (strip->needs_below || strip->needs_behind) prepare(*strip);
}

SongMixer::~SongMixer() = default;

void SongMixer::make_silence() {
    int channels = 0;
    for (const auto& strip : strips_) channels = std::max(channels, strip->channels);
    silence_.resize(static_cast<std::size_t>(most_frames * channels));
}

std::unique_ptr<SongMixer> SongMixer::before_effects(const SongModel& song, const Routing& routing,
                                                     SongMixSettings settings,
                                                     const std::string& take) {
    std::unique_ptr<SongMixer> mixer(new SongMixer(song, std::move(settings)));
    const auto track = song.find(take)->text("track").value_or("");
    mixer->places_[track] = 0;
    mixer->strips_.push_back(
        std::make_unique<Strip>(song, routing.track(track), mixer->settings_.sample_rate));
    mixer->make_silence();
    auto& strip = *mixer->strips_.front();
    strip.needs_below = true;
    SongItems items(song, mixer->settings_.sample_rate, mixer->sources_);
    std::vector<MixItem> all;
    if (auto item = items.item_before_effects(take, strip.channels))
        all.push_back(std::move(*item));
    strip.items.emplace(
        std::move(all),
        MixFormat{.channels = strip.channels, .sample_rate = mixer->settings_.sample_rate},
        mixer->sources_);
    return mixer;
}

SongMixer::Strip& SongMixer::strip(const std::string& track) const {
    const auto found = places_.find(track);
    if (found == places_.end()) throw Error(ErrorKind::not_found, track, "is no track of the song");
    return *strips_[found->second];
}

// Marks what the wanted tracks need, from the last track to the first.
void SongMixer::want(const std::vector<Wanted>& wanted) {
    for (const auto& [track, tap] : wanted)
        (tap == Tap::below ? strip(track).needs_below : strip(track).needs_behind) = true;
    for (auto at = strips_.rbegin(); at != strips_.rend(); ++at) {
        auto& strip = **at;
        // A stem has what is below the effects in it.
        if (strip.needs_behind && strip.routed.effects.empty()) strip.needs_below = true;
        if (!strip.needs_below) continue;
        for (const auto& child : strip.routed.children) this->strip(child).needs_behind = true;
        for (const auto& send : strip.routed.receives) {
            const auto& record = *song_.find(send);
            auto& source = this->strip(record.text("source_track").value_or(""));
            (record.text("mode") == "pre-fx" ? source.needs_below : source.needs_behind) = true;
        }
    }
}

void SongMixer::leave_out_or_throw(const Error& error) const {
    if (!settings_.leave_out || error.kind() == ErrorKind::bad_record) throw error;
    settings_.leave_out(error);
}

void SongMixer::prepare(Strip& strip) {
    const MixFormat format{.channels = strip.channels, .sample_rate = settings_.sample_rate};
    if (strip.needs_behind && !strip.routed.effects.empty() && strip.routed.heard) {
        const auto& id = strip.routed.track;
        try {
            const auto found = settings_.stems.find(id);
            if (found == settings_.stems.end())
                throw Error(ErrorKind::not_found, id,
                            "has effects, and there is no stem of it; render what song-jobs(1) "
                            "writes, and give the results on standard input");
            SongItems items(song_, settings_.sample_rate, sources_);
            strip.stem.emplace(std::vector{items.whole_file(found->second, strip.channels)}, format,
                               sources_);
        } catch (const Error& error) {
            leave_out_or_throw(error);
        }
    }
    if (!strip.needs_below) return;
    add_items(strip);
    for (const auto& child : strip.routed.children) strip.children.push_back(&this->strip(child));
    add_receives(strip);
}

void SongMixer::add_items(Strip& strip) {
    SongItems items(song_, settings_.sample_rate, sources_);
    std::vector<MixItem> all;
    for (const auto& [take, effects, first_take] : strip.routed.takes) {
        try {
            const auto stem = settings_.stems.find(take);
            if (stem != settings_.stems.end() && !effects.empty())
                all.push_back(items.item_behind_effects(take, stem->second, strip.channels));
            else if (!effects.empty())
                throw Error(ErrorKind::not_found, take,
                            "has effects, and there is no stem of it; render what song-jobs(1) "
                            "writes, and give the results on standard input");
            else if (auto item = items.item(take, strip.channels))
                all.push_back(std::move(*item));
        } catch (const Error& error) {
            leave_out_or_throw(error);
        }
    }
    if (all.empty()) return;
    strip.items.emplace(std::move(all),
                        MixFormat{.channels = strip.channels, .sample_rate = settings_.sample_rate},
                        sources_);
}

void SongMixer::add_receives(Strip& strip) {
    for (const auto& send : strip.routed.receives) {
        const auto& record = *song_.find(send);
        const auto mode = record.text("mode").value_or("post-fader");
        const auto number = [&](std::string_view key) {
            return range_of(std::max<std::int64_t>(0, record.integer(key).value_or(0)));
        };
        strip.receives.push_back({.source = &this->strip(record.text("source_track").value_or("")),
                                  .below = mode == "pre-fx",
                                  .stem = mode == "pre-fader",
                                  .mono = record.flag("mono").value_or(false),
                                  .from = number("source_channel"),
                                  .to = number("target_channel"),
                                  .fader = Fader(send_fader(song_, send), settings_.sample_rate)});
    }
}

std::int64_t SongMixer::frames() const {
    std::int64_t end = 0;
    for (const auto& strip : strips_) {
        if (strip->items) end = std::max(end, strip->items->frames());
        if (strip->stem) end = std::max(end, strip->stem->frames());
    }
    return end;
}

std::int64_t SongMixer::song_frames() {
    return std::max(frames(), SongItems(song_, settings_.sample_rate, sources_).end());
}

std::vector<std::string> SongMixer::inputs() {
    std::vector<std::string> paths;
    for (std::size_t i = 0; i < sources_.files().size(); ++i)
        paths.push_back(sources_.files().path(i));
    return paths;
}

int SongMixer::channels(const std::string& track) const { return strip(track).channels; }

void SongMixer::mix_below(Strip& strip, int frames) {
    auto& below = strip.below;
    read_block(strip.items, frames, strip.channels, below);
    const auto begin_block = [&] {
        below.resize(static_cast<std::size_t>(frames * strip.channels));
    };
    for (const auto* child : strip.children) {
        if (child->behind.empty()) continue;
        begin_block();
        add_block(child->behind, child->channels, below, strip.channels);
    }
    for (auto& receive : strip.receives) {
        const auto& source = *receive.source;
        const auto& audio = receive.below  ? source.below
                            : receive.stem ? source.before_fader()
                                           : source.behind;
        if (audio.empty()) continue;
        begin_block();
        receive.add(audio, source.channels, below, strip.channels, at_);
    }
    strip.pre_fx.apply(below, strip.channels, at_);
}

void SongMixer::mix_behind(Strip& strip, int frames) {
    if (strip.has_effects()) read_block(strip.stem, frames, strip.channels, strip.effected);
    strip.behind = strip.before_fader();
    strip.fader.apply(strip.behind, strip.channels, at_);
}

void SongMixer::mix(int frames) {
    for (const auto& strip : strips_) {
        if (strip->needs_below) mix_below(*strip, frames);
        if (strip->needs_behind) mix_behind(*strip, frames);
    }
    at_ += frames;
    frames_ = frames;
}

std::span<const double> SongMixer::audio(const Wanted& wanted) const {
    const auto& found = strip(wanted.track);
    const auto& block = wanted.tap == Tap::below ? found.below : found.behind;
    if (!block.empty()) return block;
    return std::span(silence_).first(static_cast<std::size_t>(frames_ * found.channels));
}

}  // namespace patchpipe
