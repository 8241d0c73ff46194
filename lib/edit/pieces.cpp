// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "edit/pieces.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <utility>

#include "base/error.h"

namespace patchpipe {
namespace {

[[noreturn]] void refuse_many() {
    refuse_unsupported("cut", "makes more than " + std::to_string(most_pieces) +
                                  " pieces; make them longer, or cut a part of the file");
}

// Sebastiano Vigna's, 2015.
class SplitMix64 {
 public:
    explicit SplitMix64(std::uint64_t seed) : state_(seed) {}

    // A number below the limit, each as likely as the others.
    std::uint64_t below(std::uint64_t limit) {
        const auto most = std::numeric_limits<std::uint64_t>::max();
        const auto fair = most - most % limit;
        auto number = next();
        while (number >= fair) number = next();
        return number % limit;
    }

 private:
    std::uint64_t next() {
        std::uint64_t mixed = state_ += 0x9e3779b97f4a7c15;
        mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
        return mixed ^ (mixed >> 31);
    }

    std::uint64_t state_;
};

class Joined : public AudioSource {
 public:
    Joined(std::shared_ptr<const Spool> spool, std::vector<Piece> pieces, std::int64_t crossfade)
        : AudioSource(spool->form()),
          spool_(std::move(spool)),
          pieces_(std::move(pieces)),
          crossfade_(crossfade) {}

    int read(double* samples, int frames) override {
        int got = 0;
        while (got < frames && index_ < pieces_.size()) {
            const auto count = std::min<std::int64_t>(frames - got, piece().frames - at_);
            double* const out = samples + std::ptrdiff_t{got} * channels();
            spool_->read(piece().begin + at_, count, out);
            cross(out, count);
            got += static_cast<int>(count);
            at_ += count;
            if (at_ == piece().frames) {
                ++index_;
                at_ = 0;
            }
        }
        return got;
    }

    void seek(std::int64_t frame) override {
        for (index_ = 0; index_ < pieces_.size() && frame >= piece().frames; ++index_)
            frame -= piece().frames;
        at_ = frame;
    }

 private:
    [[nodiscard]] const Piece& piece() const { return pieces_[index_]; }
    [[nodiscard]] std::int64_t end_of_audio() const { return spool_->form().frames; }

    // The frames of the crossfade in which the piece gets louder, and those of a fade of its end.
    [[nodiscard]] std::int64_t rise() const {
        if (index_ == 0) return piece().begin == 0 ? 0 : std::min(crossfade_, piece().frames);
        const auto& last = pieces_[index_ - 1];
        if (last.begin + last.frames == piece().begin) return 0;
        return std::min({crossfade_, piece().frames, last.frames});
    }
    [[nodiscard]] std::int64_t fall() const {
        // One of the two: the piece cannot go on, for there is no more audio or no more time.
        const bool ends_audio = piece().begin + piece().frames == end_of_audio();
        const bool is_last = index_ + 1 == pieces_.size();
        return ends_audio != is_last ? std::min(crossfade_, piece().frames) : 0;
    }

    void cross(double* out, std::int64_t count) {
        const auto rise = this->rise(), fall = this->fall();
        if (at_ < rise) get_louder(out, std::min(count, rise - at_), rise);
        for (auto i = std::max<std::int64_t>(piece().frames - fall - at_, 0); i < count; ++i)
            scale(out + i * channels(),
                  static_cast<double>(piece().frames - 1 - at_ - i) / static_cast<double>(fall));
    }

    void get_louder(double* out, std::int64_t count, std::int64_t rise) {
        const auto last = frames_behind_last(count);
        for (std::int64_t i = 0; i < count; ++i) {
            const double share = static_cast<double>(at_ + i) / static_cast<double>(rise);
            scale(out + i * channels(), share);
            for (std::int64_t at = i * channels(); at < (i + 1) * channels(); ++at)
                if (at < std::ssize(last))
                    out[at] += (1 - share) * last[static_cast<std::size_t>(at)];
        }
    }

    // What follows the piece before in the audio itself, as far as there is any.
    [[nodiscard]] std::vector<double> frames_behind_last(std::int64_t count) const {
        if (index_ == 0) return {};
        const auto& last = pieces_[index_ - 1];
        const auto from = std::min(last.begin + last.frames + at_, end_of_audio());
        count = std::min(count, end_of_audio() - from);
        std::vector<double> samples(static_cast<std::size_t>(count * channels()));
        spool_->read(from, count, samples.data());
        return samples;
    }

    void scale(double* out, double gain) const {
        for (int channel = 0; channel < channels(); ++channel) out[channel] *= gain;
    }

    std::shared_ptr<const Spool> spool_;
    std::vector<Piece> pieces_;
    std::int64_t crossfade_;
    std::size_t index_ = 0;
    std::int64_t at_ = 0;  // in the piece
};

}  // namespace

std::vector<std::int64_t> find_beats(const AudioSource::Form& form, double tempo, double beats,
                                     double offset) {
    constexpr double seconds_in_minute = 60;
    const double step = seconds_in_minute / tempo * beats;
    std::vector<std::int64_t> found;
    for (std::int64_t beat = 0;; ++beat) {
        const auto frame =
            std::llround((offset + static_cast<double>(beat) * step) * form.sample_rate);
        if (frame >= form.frames) return found;
        if (found.empty() || frame > found.back()) found.push_back(frame);
        if (found.size() > most_pieces) refuse_many();
    }
}

std::vector<Piece> pieces_between(const std::vector<std::int64_t>& cuts, std::int64_t frames) {
    std::vector<Piece> pieces;
    std::int64_t begin = 0;
    for (const auto cut : cuts) {
        if (cut <= begin || cut >= frames) continue;
        pieces.push_back({begin, cut - begin});
        begin = cut;
    }
    pieces.push_back({begin, frames - begin});
    if (pieces.size() > most_pieces) refuse_many();
    return pieces;
}

std::vector<Piece> shuffled(std::vector<Piece> pieces, std::uint64_t seed) {
    SplitMix64 random(seed);
    for (std::size_t last = pieces.size(); last > 1; --last)
        std::swap(pieces[last - 1], pieces[random.below(last)]);
    return pieces;
}

Audio joined_pieces(std::shared_ptr<const Spool> spool, std::vector<Piece> pieces,
                    std::int64_t crossfade) {
    return std::make_unique<Joined>(std::move(spool), std::move(pieces), crossfade);
}

}  // namespace patchpipe
