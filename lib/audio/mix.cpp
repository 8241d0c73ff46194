// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "audio/mix.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <optional>
#include <stdexcept>
#include <utility>

#include "audio/fade.h"
#include "audio/resample.h"
#include "base/error.h"

namespace patchpipe {
namespace {

std::int64_t end_of(const MixItem& item) { return item.begin + item.frames; }

// The rates of a source and of the mix as whole numbers without a common divisor.
struct Rates {
    std::int64_t from, to;
};

Rates rates_of(double source_rate, int mix_rate) {
    constexpr std::int64_t steps = 1000000;  // a hertz
    const std::int64_t from = std::llround(source_rate * steps), to = mix_rate * steps;
    const auto divisor = std::gcd(from, to);
    return {from / divisor, to / divisor};
}

// How many frames of the source a resampler gets before the first one of an item, so that it begins
// as it would go on: enough for its filter, and as many as whole frames of the mix come from. With
// odd rates there is no such number; the item then begins as if silence came before.
std::int64_t lead_in(const Rates& rates) {
    constexpr std::int64_t filter = 1024, most = 1 << 16;
    if (rates.from > most) return 0;
    const auto needed = filter * std::max<std::int64_t>(1, rates.from / rates.to + 1);
    return (needed + rates.from - 1) / rates.from * rates.from;
}

// What a channel of the mix gets from one of an item.
struct Route {
    std::size_t from, to;
    double gain;  // linear
};

std::vector<Route> routes_of(const MixItem& item, std::size_t channels, const MixFormat& format) {
    const auto out = static_cast<std::size_t>(format.channels);
    std::vector<Route> routes;
    if (channels > 2) {
        for (std::size_t channel = 0; channel < channels; ++channel)
            routes.push_back({channel, channel, item.gain});
        return routes;
    }
    const auto pan = pan_gains(format.pan_law, item.pan);
    const double share = out == 1 ? item.gain / 2 : item.gain;
    return {{0, 0, pan.left * share},
            {channels - 1, std::min<std::size_t>(1, out - 1), pan.right * share}};
}

}  // namespace

// An item that sounds.
class Mix::Voice {
 public:
    Voice(const MixItem& item, const MixFormat& format, MixSources& sources)
        : item_(item),
          sources_(sources),
          channels_(static_cast<std::size_t>(sources.channels(item.source))),
          routes_(routes_of(item, channels_, format)),
          rates_(rates_of(item.source_rate, format.sample_rate)),
          at_(item.source_begin) {
        if (rates_.from == rates_.to) return;
        resampler_.emplace(rates_.from, rates_.to, sources.channels(item.source));
        const auto lead = lead_in(rates_);
        at_ -= lead;
        excess_ = static_cast<std::size_t>(lead / rates_.from * rates_.to) * channels_;
    }

    [[nodiscard]] const MixItem& item() const { return item_; }
    [[nodiscard]] bool is_resampled() const { return resampler_.has_value(); }

    // Adds the item's frames to a block that begins at a frame of the mix.
    void add(std::span<double> block, std::int64_t block_begin, std::size_t block_channels,
             std::vector<double>& scratch) {
        const auto frames = static_cast<std::int64_t>(block.size() / block_channels);
        const auto begin = std::max(item_.begin, block_begin);
        const auto count =
            static_cast<std::size_t>(std::min(end_of(item_), block_begin + frames) - begin);
        scratch.resize(count * channels_);
        fetch(scratch);
        fade(scratch, begin - item_.begin);
        const auto out =
            block.subspan(static_cast<std::size_t>(begin - block_begin) * block_channels);
        if (item_.gains) return add_changing(out, block_channels, scratch, begin - item_.begin);
        for (const auto& route : routes_)
            for (std::size_t i = 0; i < count; ++i)
                out[i * block_channels + route.to] +=
                    scratch[i * channels_ + route.from] * route.gain;
    }

 private:
    // The same with gains that change; the samples begin at that frame of the item.
    void add_changing(std::span<double> out, std::size_t block_channels,
                      std::span<const double> samples, std::int64_t begin) {
        const auto count = samples.size() / channels_;
        for (auto& side : gains_) side.resize(count);
        item_.gains->fill(begin, gains_[0], gains_[1]);
        for (const auto& route : routes_) {
            const auto& side = gains_[route.to % 2];
            for (std::size_t i = 0; i < count; ++i)
                out[i * block_channels + route.to] +=
                    samples[i * channels_ + route.from] * route.gain * side[i];
        }
    }

    // Fills samples with the item's next frames.
    void fetch(std::span<double> samples) {
        if (!resampler_) return pull(samples);
        while (resampled_.size() < excess_ + samples.size())
            resample((excess_ + samples.size() - resampled_.size()) / channels_);
        const auto begin = resampled_.begin() + static_cast<std::ptrdiff_t>(excess_);
        const auto end = begin + std::ssize(samples);
        std::copy(begin, end, samples.begin());
        resampled_.erase(resampled_.begin(), end);
        excess_ = 0;
    }

    // Gives the resampler as much of the source as that many frames of the mix come from, but not
    // too much at once.
    void resample(std::size_t frames) {
        constexpr double most = 4096;
        const double wanted =
            std::ceil(static_cast<double>(frames) * static_cast<double>(rates_.from) /
                      static_cast<double>(rates_.to));
        source_.resize(static_cast<std::size_t>(std::clamp(wanted, 1.0, most)) * channels_);
        pull(source_);
        resampler_->add(source_, resampled_);
    }

    // Fills samples with the next frames of the source; silence before its beginning and behind its
    // end.
    void pull(std::span<double> samples) {
        const auto end = sources_.frames(item_.source);
        const auto section = end - item_.source_begin;
        const auto frames = static_cast<std::int64_t>(samples.size() / channels_);
        for (std::int64_t done = 0; done < frames;) {
            const auto rest = samples.subspan(static_cast<std::size_t>(done) * channels_);
            const bool ended = at_ >= end;
            if (ended && (!item_.loop || section < 1))
                return std::fill(rest.begin(), rest.end(), 0);
            if (ended && done >= section) return repeat(samples, done, section);
            if (ended) at_ = item_.source_begin;
            const auto count = std::min(frames - done, (at_ < 0 ? 0 : end) - at_);
            if (at_ < 0)
                std::fill_n(rest.begin(), static_cast<std::size_t>(count) * channels_, 0);
            else
                sources_.read(item_.source, at_, static_cast<int>(count), rest.data());
            at_ += count;
            done += count;
        }
    }

    // Fills the frames from done on with those before, which end with a whole section: a short one
    // need not be read again and again.
    void repeat(std::span<double> samples, std::int64_t done, std::int64_t section) {
        const auto distance = static_cast<std::size_t>(section) * channels_;
        for (auto i = static_cast<std::size_t>(done) * channels_; i < samples.size(); ++i)
            samples[i] = samples[i - distance];
        const auto frames = static_cast<std::int64_t>(samples.size() / channels_);
        at_ = item_.source_begin + (frames - done) % section;
    }

    // The samples begin at that frame of the item.
    void fade(std::span<double> samples, std::int64_t begin) const {
        const auto end = begin + static_cast<std::int64_t>(samples.size() / channels_);
        const auto scale = [&](std::int64_t frame, double gain) {
            auto* const sample = &samples[static_cast<std::size_t>(frame - begin) * channels_];
            for (std::size_t channel = 0; channel < channels_; ++channel) sample[channel] *= gain;
        };
        const auto part = [](std::int64_t frames, std::int64_t length) {
            return static_cast<double>(frames) / static_cast<double>(length);
        };
        const auto &in = item_.fade_in, &out = item_.fade_out;
        const auto in_frames = std::min(in.frames, item_.frames);
        for (auto frame = begin; frame < std::min(in_frames, end); ++frame)
            scale(frame, fade_gain(in.shape, in.curvature, part(frame, in_frames)));
        const auto out_frames = std::min(out.frames, item_.frames);
        const auto out_begin = item_.frames - out_frames;
        for (auto frame = std::max(begin, out_begin); frame < end; ++frame)
            scale(frame,
                  fade_out_gain(out.shape, out.curvature, part(frame - out_begin, out_frames)));
    }

    const MixItem& item_;
    MixSources& sources_;
    std::size_t channels_;
    std::vector<Route> routes_;
    Rates rates_;
    std::int64_t at_;  // the source's frame that is read next
    std::optional<Resampler> resampler_;
    std::vector<double> source_, resampled_;  // before and behind it
    std::size_t excess_ = 0;                  // samples of the lead-in that come out first
    std::array<std::vector<double>, 2> gains_;
};

std::int64_t frames_in_mix(std::int64_t source_frames, double source_rate, int mix_rate) {
    const auto rates = rates_of(source_rate, mix_rate);
    return resampled_frames(source_frames, rates.from, rates.to);
}

Mix::Mix(std::vector<MixItem> items, const MixFormat& format, MixSources& sources)
    : items_(std::move(items)), format_(format), sources_(sources) {
    std::stable_sort(items_.begin(), items_.end(),
                     [](const auto& a, const auto& b) { return a.begin < b.begin; });
    for (const auto& item : items_)
        if (const int channels = sources.channels(item.source);
            channels > 2 && channels > format.channels)
            throw std::logic_error("an item of more channels than the mix has");
}

Mix::~Mix() = default;

std::int64_t Mix::frames() const {
    std::int64_t end = 0;
    for (const auto& item : items_) end = std::max(end, end_of(item));
    return end;
}

void Mix::begin(const MixItem& item) {
    voices_.push_back(std::make_unique<Voice>(item, format_, sources_));
    if (voices_.back()->is_resampled() && ++resampled_ > most_resampled)
        refuse_unsupported("mix", "more than " + std::to_string(most_resampled) +
                                      " items that are resampled would sound at the same time; "
                                      "give their files the rate of the mix first");
}

// Forgets the items that end before that frame.
void Mix::end_before(std::int64_t frame) {
    std::erase_if(voices_, [&](const auto& voice) {
        const bool ended = end_of(voice->item()) <= frame;
        resampled_ -= ended && voice->is_resampled();
        return ended;
    });
}

bool Mix::sounds_in(int frames) const {
    return !voices_.empty() || (next_ < items_.size() && items_[next_].begin < at_ + frames);
}

void Mix::read(std::span<double> block) {
    const auto channels = static_cast<std::size_t>(format_.channels);
    const auto end = at_ + static_cast<std::int64_t>(block.size() / channels);
    std::fill(block.begin(), block.end(), 0);
    for (; next_ < items_.size() && items_[next_].begin < end; ++next_)
        if (items_[next_].frames > 0) begin(items_[next_]);
    for (const auto& voice : voices_) voice->add(block, at_, channels, scratch_);
    end_before(end);
    at_ = end;
}

}  // namespace patchpipe
