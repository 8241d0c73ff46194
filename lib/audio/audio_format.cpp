// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "audio/audio_format.h"

#include <algorithm>
#include <limits>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/words.h"

namespace patchpipe {

namespace {

using Container = AudioFormat::Container;
using Depth = AudioFormat::Depth;

constexpr std::pair<std::string_view, Container> containers[] = {
    {"wav", Container::wav},   {"rf64", Container::rf64}, {"w64", Container::w64},
    {"aiff", Container::aiff}, {"flac", Container::flac}, {"ogg", Container::ogg},
    {"opus", Container::opus}, {"mp3", Container::mp3},   {"m4a", Container::m4a},
    {"npy", Container::npy}};

constexpr std::pair<std::string_view, Container> other_suffixes[] = {{"wave", Container::wav},
                                                                     {"aif", Container::aiff},
                                                                     {"aifc", Container::aiff},
                                                                     {"oga", Container::ogg},
                                                                     {"mp4", Container::m4a}};

// What only other programs write.
constexpr std::string_view foreign_suffixes[] = {"m4b", "aac", "mov", "mka", "mkv", "webm",
                                                 "avi", "wma", "caf", "au",  "wv",  "ape"};

constexpr std::pair<std::string_view, Depth> depths[] = {
    {"16", Depth::pcm16}, {"24", Depth::pcm24}, {"32f", Depth::float32}};

constexpr int opus_rates[] = {8000, 12000, 16000, 24000, 48000};
// ISO/IEC 14496-3, table 1.18.
constexpr int aac_rates[] = {7350,  8000,  11025, 12000, 16000, 22050, 24000,
                             32000, 44100, 48000, 64000, 88200, 96000};
constexpr int mp3_rates[] = {8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000};

// MPEG-1 Layer III, its low sample rates (MPEG-2), and those below 16,000 Hz ("MPEG-2.5"), for
// which LAME writes no more than 64 kbit/s.
constexpr int mpeg1_bitrates[] = {32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320};
constexpr int mpeg2_bitrates[] = {8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160};
constexpr int mpeg25_bitrates[] = {8, 16, 24, 32, 40, 48, 56, 64};

auto value_named(const auto& table, std::string_view name) {
    for (const auto& [one, value] : table)
        if (one == name) return value;
    throw std::invalid_argument("no audio format '" + std::string(name) + "'");
}

std::string_view name_of(const auto& table, auto wanted) {
    for (const auto& [name, one] : table)
        if (one == wanted) return name;
    throw std::invalid_argument("no such audio format");
}

bool contains(std::span<const int> numbers, int number) {
    return std::find(numbers.begin(), numbers.end(), number) != numbers.end();
}

// "8000, 12000 or 16000"
std::string list(std::span<const int> numbers) {
    std::string words;
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        if (i > 0) words += i + 1 == numbers.size() ? " or " : ", ";
        words += std::to_string(numbers[i]);
    }
    return words;
}

// Nothing if there is no dot in the file's name.
std::string lower_suffix(std::string_view path) {
    const auto dot = path.find_last_of("./");
    if (dot == path.npos || path[dot] == '/') return {};
    std::string suffix(path.substr(dot + 1));
    for (auto& c : suffix)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return suffix;
}

bool looks_like_suffix(std::string_view lower) {
    constexpr std::size_t longest = 5;
    const auto is_letter = [](char c) { return c >= 'a' && c <= 'z'; };
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    return lower.size() <= longest && std::any_of(lower.begin(), lower.end(), is_letter) &&
           std::all_of(lower.begin(), lower.end(),
                       [&](char c) { return is_letter(c) || is_digit(c); });
}

// ".wav, .w64 or .npy"
std::string known_suffixes() {
    std::vector<std::string> suffixes;
    for (const auto& [name, container] : containers)
        if (suffix_of(container) == name) suffixes.push_back("." + std::string(name));
    return joined(suffixes, ", ", " or ");
}

[[noreturn]] void refuse(std::string_view field, const std::string& why) {
    throw Error(ErrorKind::bad_record, field, why);
}

void check_rate(Container container, int sample_rate) {
    constexpr int most_flac_rate = 655350, any_flac_rate = 65535, most_vorbis_rate = 200000;
    const auto refuse_rate = [&](const std::string& why) {
        refuse("sample_rate", "is " + std::to_string(sample_rate) + " Hz, and " + why);
    };
    const bool odd = sample_rate > any_flac_rate && sample_rate % 10 != 0;
    if (container == Container::ogg && sample_rate > most_vorbis_rate)
        refuse_rate("Ogg Vorbis holds up to 200000 Hz; use format wav");
    if (container == Container::flac && (sample_rate > most_flac_rate || odd))
        refuse_rate("FLAC holds up to 655350 Hz, in steps of 10 above 65535; use format wav");
    if (container == Container::opus && !contains(opus_rates, sample_rate))
        refuse_rate("Opus has " + list(opus_rates) + " Hz; use one of these, or another format");
    if (container == Container::m4a && !contains(aac_rates, sample_rate))
        refuse_rate("AAC has " + list(aac_rates) + " Hz; use one of these, or another format");
    if (container == Container::mp3 && !contains(mp3_rates, sample_rate))
        refuse_rate("MP3 has " + list(mp3_rates) + " Hz; use one of these, or another format");
}

std::span<const int> mp3_bitrates(int sample_rate) {
    constexpr int least_mpeg1_rate = 32000, least_mpeg2_rate = 16000;
    if (sample_rate >= least_mpeg1_rate) return mpeg1_bitrates;
    if (sample_rate >= least_mpeg2_rate) return mpeg2_bitrates;
    return mpeg25_bitrates;
}

void check_quality(const AudioFormat& format) {
    constexpr double most = 10;
    constexpr int least_aac_bitrate = 8, most_aac_bitrate = 512;
    const bool lossy = has_quality(format.container) || has_bitrate(format.container);
    if (format.quality && lossy && !has_quality(format.container))
        refuse("quality", "is not a setting of Opus and AAC; use bitrate");
    if (format.bitrate && lossy && !has_bitrate(format.container))
        refuse("bitrate", "is not a setting of Ogg Vorbis; use quality");
    if (format.quality && !(*format.quality >= 0 && *format.quality <= most))
        refuse("quality", "must be 0 to 10");
    if (format.container == Container::m4a && format.bitrate &&
        (*format.bitrate < least_aac_bitrate || *format.bitrate > most_aac_bitrate))
        refuse("bitrate",
               "is " + std::to_string(*format.bitrate) + " kbit/s, and must be 8 to 512 for AAC");
    if (format.container != Container::mp3 || !format.bitrate) return;
    if (format.quality)
        refuse("bitrate",
               "is there, and quality too; MP3 has a constant bit rate or a quality, "
               "not both");
    const auto rates = mp3_bitrates(format.sample_rate);
    if (!contains(rates, *format.bitrate))
        refuse("bitrate", "is " + std::to_string(*format.bitrate) + " kbit/s, and MP3 at " +
                              std::to_string(format.sample_rate) + " Hz has " + list(rates) +
                              " kbit/s; use one of these");
}

}  // namespace

Container container_named(std::string_view format) { return value_named(containers, format); }

std::string_view container_name(Container container) { return name_of(containers, container); }

Depth depth_named(std::string_view bit_depth) { return value_named(depths, bit_depth); }

std::string_view depth_name(Depth depth) { return name_of(depths, depth); }

// EBU Tech 3306 has no suffix of its own for RF64, and programs look for WAV files by .wav.
std::string_view suffix_of(Container container) {
    return container == Container::rf64 ? "wav" : container_name(container);
}

std::optional<Container> container_of_name(std::string_view path) {
    const auto suffix = lower_suffix(path);
    for (const auto& [name, container] : containers)
        if (name == suffix) return container;
    for (const auto& [name, container] : other_suffixes)
        if (name == suffix) return container;
    return {};
}

std::optional<Container> container_to_write(std::string_view path, bool chosen) {
    const auto container = container_of_name(path);
    const auto suffix = lower_suffix(path);
    const auto foreign =
        std::find(std::begin(foreign_suffixes), std::end(foreign_suffixes), suffix);
    const bool is_foreign = foreign != std::end(foreign_suffixes);
    if (container || !looks_like_suffix(suffix) || (chosen && !is_foreign)) return container;
    throw Error(ErrorKind::bad_record, path,
                "no ." + suffix + " can be written; let the name end in " + known_suffixes() +
                    (is_foreign ? ", and convert that file with ffmpeg" : ", or choose a format"));
}

bool has_quality(Container container) {
    return container == Container::ogg || container == Container::mp3;
}

bool has_bitrate(Container container) {
    return container == Container::opus || container == Container::mp3 ||
           container == Container::m4a;
}

// libsndfile reads no longer text from AIFF, and some 50 KiB before the samples of a W64 file,
// where texts are in UTF-16. In Ogg the tags must fit into one page.
std::size_t most_comment(Container container) {
    if (container == Container::npy) return 0;
    return container == Container::aiff || container == Container::w64 ? 8000 : 40000;
}

void check_container(const AudioFormat& format) {
    check_rate(format.container, format.sample_rate);
    if (format.container == Container::flac && format.depth == Depth::float32)
        refuse("bit_depth",
               "is 32f, and FLAC holds whole numbers only; use 16 or 24, or format wav");
    check_quality(format);
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
