// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "songmix/song_sources.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>
#include <stdexcept>
#include <utility>

#include "audio/resample.h"
#include "base/error.h"
#include "edit/audio_file.h"

#ifdef PATCHPIPE_STRETCH
#include "stretch/stretcher.h"
#endif

namespace patchpipe {
namespace {

int channels_of(const FileSources& files, const SourceView& view) {
    if (view.mono) return 1;
    return view.channels.empty() ? files.channels(view.file)
                                 : static_cast<int>(view.channels.size());
}

// The mean of a frame's channels, or those that sound.
void pick(const double* from, int width, const SourceView& view, double* to) {
    if (view.mono) {
        *to = std::accumulate(from, from + width, 0.0) / width;
        return;
    }
    for (const int channel : view.channels) *to++ = channel < width ? from[channel] : 0;
}

}  // namespace

#ifdef PATCHPIPE_STRETCH

// Reads the view, resamples it to the rate of the mix, and stretches that. Holds nothing before its
// first frame is read, and nothing behind its last one.
class SongSources::Stretched {
 public:
    Stretched(SongSources& sources, SourceView view, const Stretching& settings)
        : sources_(sources), source_{std::move(view), nullptr}, settings_(settings) {}

    [[nodiscard]] std::int64_t frames() const { return settings_.frames; }

    void read(std::int64_t at, int frames, double* samples) {
        if (at == 0) begin();
        if (at != at_ || !stretcher_)
            throw std::logic_error("stretched audio can be read once, in order");
        stretcher_->read({samples, static_cast<std::size_t>(frames * channels())});
        at_ += frames;
        if (at_ < settings_.frames) return;
        stretcher_.reset();
        resampler_.reset();
    }

 private:
    [[nodiscard]] int channels() const { return channels_of(sources_.files_, source_.view); }

    void begin() {
        constexpr double steps = 1e6;  // a hertz
        resampler_.emplace(std::llround(settings_.source_rate * steps),
                           std::llround(sources_.mix_rate_ * steps), channels());
        source_at_ = settings_.source_begin;
        at_ = 0;
        // A little more than is needed, so that the end of the item is no end for the stretcher.
        constexpr std::int64_t more = 8192;
        const auto needed = static_cast<std::int64_t>(
            std::ceil(static_cast<double>(settings_.frames) / settings_.time_ratio));
        stretcher_.emplace(Stretcher::Settings{.sample_rate = sources_.mix_rate_,
                                               .channels = channels(),
                                               .time_ratio = settings_.time_ratio,
                                               .pitch_scale = settings_.pitch_scale},
                           needed + more, [this](std::span<double> out) { feed(out); });
    }

    void feed(std::span<double> out) {
        constexpr int piece = 1024;
        while (ready_.size() < out.size()) {
            block_.resize(static_cast<std::size_t>(piece * channels()));
            pull(piece);
            resampler_->add(block_, ready_);
        }
        const auto end = ready_.begin() + static_cast<std::ptrdiff_t>(out.size());
        std::copy(ready_.begin(), end, out.begin());
        ready_.erase(ready_.begin(), end);
    }

    // The next frames of the view, with silence around it.
    void pull(int frames) {
        std::fill(block_.begin(), block_.end(), 0);
        const auto length =
            source_.view.repeated ? std::numeric_limits<std::int64_t>::max() : source_.view.frames;
        const auto first =
            source_.view.repeated ? source_at_ : std::max<std::int64_t>(0, source_at_);
        const auto end = std::min(length, source_at_ + frames);
        if (first < end)
            sources_.read_view(
                source_, first, static_cast<int>(end - first),
                &block_[static_cast<std::size_t>((first - source_at_) * channels())]);
        source_at_ += frames;
    }

    SongSources& sources_;
    Source source_;
    Stretching settings_;
    std::int64_t source_at_ = 0, at_ = 0;
    std::optional<Resampler> resampler_;
    std::optional<Stretcher> stretcher_;
    std::vector<double> block_, ready_;
};

#else

class SongSources::Stretched {
 public:
    [[nodiscard]] std::int64_t frames() const { return 0; }
    void read(std::int64_t /*at*/, int /*frames*/, double* /*samples*/) {}
};

#endif

SongSources::~SongSources() = default;

std::size_t SongSources::add(SourceView view) {
    sources_.push_back({std::move(view), nullptr});
    return sources_.size() - 1;
}

std::size_t SongSources::add_stretched(SourceView view, const Stretching& stretching) {
#ifdef PATCHPIPE_STRETCH
    auto stretched = std::make_shared<Stretched>(*this, view, stretching);
    sources_.push_back({std::move(view), std::move(stretched)});
    return sources_.size() - 1;
#else
    (void)stretching;
    refuse_unsupported(files_.path(view.file),
                       "would be stretched, and this build has no Rubber Band; build with "
                       "librubberband-dev");
#endif
}

int SongSources::channels(std::size_t source) const {
    return channels_of(files_, sources_[source].view);
}

std::int64_t SongSources::frames(std::size_t source) const {
    const auto& [view, stretched, spool] = sources_[source];
    if (stretched) return stretched->frames();
    return view.repeated ? std::numeric_limits<std::int64_t>::max() / 2 : view.frames;
}

void SongSources::read(std::size_t source, std::int64_t at, int frames, double* samples) {
    auto& known = sources_[source];
    if (known.stretched) return known.stretched->read(at, frames, samples);
    read_view(known, at, frames, samples);
}

void SongSources::read_view(Source& source, std::int64_t at, int frames, double* samples) {
    if (!source.view.repeated) return read_forwards(source, at, frames, samples);
    const auto length = source.view.frames;
    const auto width = channels_of(files_, source.view);
    int done = 0;
    while (done < frames && done < length) {
        const auto place = ((at + done) % length + length) % length;
        const auto count = static_cast<int>(std::min<std::int64_t>(frames - done, length - place));
        read_forwards(source, place, count, samples + std::ptrdiff_t{done} * width);
        done += count;
    }
    // A short one need not be read again and again.
    for (auto i = std::ptrdiff_t{done} * width; i < std::ptrdiff_t{frames} * width; ++i)
        samples[i] = samples[i - length * width];
}

// In the view's own direction.
void SongSources::read_forwards(Source& source, std::int64_t at, int frames, double* samples) {
    const auto& view = source.view;
    const auto width = files_.channels(view.file);
    const bool as_it_is = view.channels.empty() && !view.mono && !view.reversed;
    if (as_it_is) return files_.read(view.file, view.begin + at, frames, samples);
    wide_.resize(static_cast<std::size_t>(frames * width));
    const auto first = view.reversed ? view.frames - at - frames : at;
    read_file(source, view.begin + first, frames, wide_.data());
    const auto narrow = channels_of(files_, view);
    for (int i = 0; i < frames; ++i) {
        const auto* const from =
            &wide_[static_cast<std::size_t>((view.reversed ? frames - 1 - i : i) * width)];
        auto* const to = samples + std::ptrdiff_t{i} * narrow;
        view.channels.empty() && !view.mono ? (void)std::copy_n(from, width, to)
                                            : pick(from, width, view, to);
    }
}

// A packed file is only fast forwards.
void SongSources::read_file(Source& source, std::int64_t at, int frames, double* samples) {
    const auto& view = source.view;
    if (view.reversed && !source.spool && !files_.seeks_fast(view.file)) {
        AudioFile file(files_.path(view.file), mix_rate_);
        source.spool = std::make_shared<const Spool>(file);
    }
    if (source.spool) return source.spool->read(at, frames, samples);
    files_.read(view.file, at, frames, samples);
}

}  // namespace patchpipe
