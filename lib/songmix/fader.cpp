// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "songmix/fader.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/error.h"
#include "songmix/fields.h"

namespace patchpipe {
namespace {

bool is_neutral_matrix(const PanMatrix& matrix) {
    return matrix.left_to_left == 1 && matrix.right_to_right == 1 && matrix.left_to_right == 0 &&
           matrix.right_to_left == 0;
}

double law_gain(double law, double position) {
    const double centre = std::min(law, 1.0), end = std::max(law, 1.0);
    return centre + (end - centre) * std::abs(position);
}

double place(double position) { return std::clamp(position, -1.0, 1.0); }

// The setting of a track, or of the song where the track has none of its own: -1.
double own_or_songs(const SongModel& song, const Record& record, std::string_view key,
                    double missing) {
    const double own = number_in(record, key, -1);
    return own >= 0 ? own : number_in(song.song(), key, missing);
}

// The master's is REAPER's number, of which the first bit counts.
bool is_muted(const Record& record) {
    const auto mute = record.raw("mute").value_or("false");
    if (mute == "true" || mute == "false") return mute == "true";
    return record.integer("mute").value_or(0) % 2 != 0;
}

PanMode pan_mode_of(const std::string& id, double number) {
    if (number == 0 || number == 1 || number == 3) return PanMode::balance;
    if (number == 5) return PanMode::stereo;
    if (number == 6) return PanMode::dual;
    throw Error(ErrorKind::bad_record, id,
                "pan_mode must be 0 or 3 for a balance, 5 for a stereo pan or 6 for a dual pan");
}

void find_envelopes(FaderSettings& settings, const SongModel& song, const std::string& owner,
                    std::string_view stage) {
    settings.gain_envelope = find_envelope(song, owner, "gain", stage);
    settings.pan_envelope = find_envelope(song, owner, "pan", stage);
    settings.width_envelope = find_envelope(song, owner, "width", stage);
}

}  // namespace

PanMatrix pan_matrix(PanMode mode, double law, const PanPosition& position) {
    const double pan = place(position.pan);
    if (mode == PanMode::balance) {
        const double gain = law_gain(law, pan);
        return {std::min(1.0, 1 - pan) * gain, 0, 0, std::min(1.0, 1 + pan) * gain};
    }
    const double spread = position.width * (1 - std::abs(pan));
    const bool dual = mode == PanMode::dual;
    const double left = place(dual ? position.pan_left : pan - spread);
    const double right = place(dual ? position.width : pan + spread);
    const auto side = [&](double at, double sign) {
        return (1 + sign * at) / 2 * law_gain(law, at);
    };
    return {side(left, -1), side(left, 1), side(right, -1), side(right, 1)};
}

Fader::Fader(FaderSettings settings, int sample_rate)
    : settings_(std::move(settings)),
      sample_rate_(sample_rate),
      level_(settings_.mute       ? 0
             : settings_.inverted ? -settings_.gain
                                  : settings_.gain),
      matrix_(pan_matrix(settings_.mode, settings_.law, settings_.position)) {
    changes_ = settings_.gain_envelope || settings_.trim_envelope || settings_.pan_envelope ||
               settings_.width_envelope || settings_.mute_envelope;
    neutral_ = !changes_ && level_ == 1 && is_neutral_matrix(matrix_);
}

void Fader::apply(std::span<double> block, int channels, std::int64_t begin) {
    if (neutral_) return;
    const auto width = static_cast<std::size_t>(channels);
    if (!changes_) return apply_constant(block, width);
    gains_.resize(block.size() / width);
    fill_gains(begin);
    for (std::size_t frame = 0; frame < gains_.size(); ++frame) {
        const auto matrix = matrix_at(frame);
        auto* const sample = &block[frame * width];
        if (width == 1) sample[0] *= gains_[frame];
        for (std::size_t channel = 0; channel + 1 < width; channel += 2) {
            const double left = sample[channel] * gains_[frame];
            const double right = sample[channel + 1] * gains_[frame];
            sample[channel] = left * matrix.left_to_left + right * matrix.right_to_left;
            sample[channel + 1] = left * matrix.left_to_right + right * matrix.right_to_right;
        }
    }
}

void Fader::apply_constant(std::span<double> block, std::size_t channels) const {
    const auto matrix = matrix_;
    const double level = level_;
    if (channels == 1)
        for (double& sample : block) sample *= level;
    for (std::size_t channel = 0; channel + 1 < channels; channel += 2)
        for (std::size_t at = channel; at + 1 < block.size(); at += channels) {
            const double left = block[at] * level, right = block[at + 1] * level;
            block[at] = left * matrix.left_to_left + right * matrix.right_to_left;
            block[at + 1] = left * matrix.left_to_right + right * matrix.right_to_right;
        }
}

void Fader::fill_gains(std::int64_t begin) {
    std::fill(gains_.begin(), gains_.end(), level_);
    const auto values_of = [&](const Envelope& envelope, std::vector<double>& values) {
        values.resize(gains_.size());
        envelope.fill(begin, sample_rate_, values);
    };
    for (const auto* envelope : {&settings_.gain_envelope, &settings_.trim_envelope}) {
        if (!*envelope) continue;
        values_of(**envelope, envelope_);
        for (std::size_t i = 0; i < gains_.size(); ++i) gains_[i] *= std::max(0.0, envelope_[i]);
    }
    if (settings_.mute_envelope) {
        values_of(*settings_.mute_envelope, envelope_);
        constexpr double middle = 0.5;
        for (std::size_t i = 0; i < gains_.size(); ++i)
            if (envelope_[i] < middle) gains_[i] = 0;
    }
    if (settings_.pan_envelope) values_of(*settings_.pan_envelope, pans_);
    if (settings_.width_envelope) values_of(*settings_.width_envelope, widths_);
}

PanMatrix Fader::matrix_at(std::size_t frame) const {
    if (!settings_.pan_envelope && !settings_.width_envelope) return matrix_;
    auto position = settings_.position;
    if (settings_.pan_envelope) position.pan += pans_[frame];
    if (settings_.width_envelope) position.width *= widths_[frame];
    return pan_matrix(settings_.mode, settings_.law, position);
}

FaderSettings track_fader(const SongModel& song, const std::string& track) {
    static const Record none("{}");
    const auto* const found = song.find(track);
    const auto& record = found ? *found : none;
    FaderSettings settings{.gain = gain_in(record, track, "gain"),
                           .inverted = flag_in(record, "inverted"),
                           .mute = is_muted(record),
                           .mode = pan_mode_of(track, own_or_songs(song, record, "pan_mode", 3)),
                           .law = own_or_songs(song, record, "pan_law", 1),
                           .position = {.pan = number_in(record, "pan", 0),
                                        .width = number_in(record, "width", 1),
                                        .pan_left = number_in(record, "pan_left", -1)}};
    find_envelopes(settings, song, track, "");
    settings.trim_envelope = find_envelope(song, track, "gain", "trim");
    settings.mute_envelope = find_envelope(song, track, "mute");
    return settings;
}

FaderSettings pre_fx_fader(const SongModel& song, const std::string& track) {
    FaderSettings settings;
    find_envelopes(settings, song, track, "pre-fx");
    if (settings.width_envelope) settings.mode = PanMode::stereo;
    return settings;
}

FaderSettings send_fader(const SongModel& song, const std::string& send) {
    const auto& record = *song.find(send);
    FaderSettings settings{.gain = gain_in(record, send, "gain"),
                           .inverted = flag_in(record, "inverted"),
                           .law = number_in(song.song(), "pan_law", 1),
                           .position = {.pan = number_in(record, "pan", 0)}};
    find_envelopes(settings, song, send, "");
    settings.mute_envelope = find_envelope(song, send, "mute");
    return settings;
}

double gain_in(const Record& record, const std::string& id, std::string_view key) {
    const auto level = record.number(std::string(key) + "_db");
    const double gain = record.number(key).value_or(level ? std::pow(10, *level / 20) : 1);
    if (gain >= 0) return gain;
    throw Error(ErrorKind::bad_record, id,
                std::string(key) +
                    " must be 0 or more; correct it, and set inverted for a "
                    "reversed polarity");
}

}  // namespace patchpipe
