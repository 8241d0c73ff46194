// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "audio/speaker_order.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace patchpipe {
namespace {

constexpr std::size_t most = 8;

// For each channel of Vorbis its place in a WAV file.
constexpr std::array<std::size_t, 3> front = {0, 2, 1};
constexpr std::array<std::size_t, 5> surround_5_0 = {0, 2, 1, 3, 4};
constexpr std::array<std::size_t, 6> surround_5_1 = {0, 2, 1, 4, 5, 3};
constexpr std::array<std::size_t, 7> surround_6_1 = {0, 2, 1, 5, 6, 4, 3};
constexpr std::array<std::size_t, 8> surround_7_1 = {0, 2, 1, 6, 7, 4, 5, 3};

// Empty where both orders are the same.
std::span<const std::size_t> wav_places(int channels) {
    switch (channels) {
        case 3:
            return front;
        case 5:
            return surround_5_0;
        case 6:
            return surround_5_1;
        case 7:
            return surround_6_1;
        case 8:
            return surround_7_1;
        default:
            return {};
    }
}

}  // namespace

void to_vorbis_order(std::span<float> samples, int channels) {
    const auto places = wav_places(channels);
    std::array<float, most> frame{};
    for (; !places.empty() && samples.size() >= places.size();
         samples = samples.subspan(places.size())) {
        std::copy_n(samples.begin(), places.size(), frame.begin());
        for (std::size_t i = 0; i < places.size(); ++i) samples[i] = frame[places[i]];
    }
}

void from_vorbis_order(std::span<double> samples, int channels) {
    const auto places = wav_places(channels);
    std::array<double, most> frame{};
    for (; !places.empty() && samples.size() >= places.size();
         samples = samples.subspan(places.size())) {
        std::copy_n(samples.begin(), places.size(), frame.begin());
        for (std::size_t i = 0; i < places.size(); ++i) samples[places[i]] = frame[i];
    }
}

}  // namespace patchpipe
