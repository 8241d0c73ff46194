// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "audio/audio_format.h"

#include <limits>
#include <stdexcept>
#include <string>
#include <utility>

#include "base/error.h"

namespace patchpipe {

namespace {

using Container = AudioFormat::Container;
using Depth = AudioFormat::Depth;

constexpr std::pair<std::string_view, Container> containers[] = {{"wav", Container::wav},
                                                                 {"npy", Container::npy},
                                                                 {"flac", Container::flac},
                                                                 {"ogg", Container::ogg}};

constexpr std::pair<std::string_view, Depth> depths[] = {
    {"16", Depth::pcm16}, {"24", Depth::pcm24}, {"32f", Depth::float32}};

auto value_named(const auto& table, std::string_view name) {
    for (const auto& [one, value] : table)
        if (one == name) return value;
    throw std::invalid_argument("no audio format '" + std::string(name) + "'");
}

}  // namespace

Container container_named(std::string_view format) { return value_named(containers, format); }

Depth depth_named(std::string_view bit_depth) { return value_named(depths, bit_depth); }

std::string_view depth_name(Depth depth) {
    for (const auto& [name, one] : depths)
        if (one == depth) return name;
    throw std::invalid_argument("no bit depth");
}

void check_container(AudioFormat::Container container, AudioFormat::Depth depth, int sample_rate) {
    const auto refuse_rate = [&](const std::string& why) {
        throw Error(ErrorKind::bad_record, "sample_rate",
                    "is " + std::to_string(sample_rate) + " Hz, and " + why + "; use format wav");
    };
    constexpr int most_flac_rate = 655350, any_flac_rate = 65535, most_vorbis_rate = 200000;
    if (container == AudioFormat::Container::ogg && sample_rate > most_vorbis_rate)
        refuse_rate("Ogg Vorbis holds up to 200000 Hz");
    const bool odd = sample_rate > any_flac_rate && sample_rate % 10 != 0;
    if (container == AudioFormat::Container::flac && (sample_rate > most_flac_rate || odd))
        refuse_rate("FLAC holds up to 655350 Hz, in steps of 10 above 65535");
    if (container == AudioFormat::Container::flac && depth == AudioFormat::Depth::float32)
        throw Error(ErrorKind::bad_record, "bit_depth",
                    "is 32f, and FLAC holds whole numbers only; use 16 or 24, or format wav");
}

int bytes_per_sample(AudioFormat::Depth depth) {
    switch (depth) {
        case AudioFormat::Depth::pcm16:
            return 2;
        case AudioFormat::Depth::pcm24:
            return 3;
        case AudioFormat::Depth::float32:
            break;
    }
    return 4;
}

float one_step(AudioFormat::Depth depth) {
    switch (depth) {
        case AudioFormat::Depth::pcm16:
            return 1.0f / 32768;
        case AudioFormat::Depth::pcm24:
            return 1.0f / 8388608;
        case AudioFormat::Depth::float32:
            break;
    }
    return std::numeric_limits<float>::denorm_min();
}

}  // namespace patchpipe
