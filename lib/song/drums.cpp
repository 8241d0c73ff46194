// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "song/drums.h"

#include <algorithm>
#include <string>
#include <vector>

namespace patchpipe {
namespace {

// The words for a drum, one of which a name must have; the first row that fits counts. "hat open"
// needs both.
struct DrumWords {
    std::string_view words;
    int note;
};
constexpr DrumWords drums[] = {
    {"hihat open", 46}, {"hi hat open", 46}, {"hat open", 46},    {"hh open", 46},
    {"openhat", 46},    {"ohh", 46},         {"hihat pedal", 44}, {"hat pedal", 44},
    {"hh pedal", 44},   {"hihat", 42},       {"hat", 42},         {"hats", 42},
    {"hh", 42},         {"chh", 42},         {"closedhat", 42},   {"bass drum", 36},
    {"bassdrum", 36},   {"bassdrm", 36},     {"kick", 36},        {"kickdrum", 36},
    {"bd", 36},         {"side stick", 37},  {"rimshot", 37},     {"rim", 37},
    {"clap", 39},       {"claps", 39},       {"handclap", 39},    {"snare", 38},
    {"snaredrum", 38},  {"sd", 38},          {"sn", 38},          {"tom low", 45},
    {"tom lo", 45},     {"tom mid", 47},     {"tom high", 50},    {"tom hi", 50},
    {"tom", 47},        {"toms", 47},        {"crash", 49},       {"ride", 51},
    {"china", 52},      {"splash", 55},      {"cymbal", 49},      {"tambourine", 54},
    {"tamb", 54},       {"cowbell", 56},     {"vibraslap", 58},   {"bongo", 60},
    {"conga", 63},      {"timbale", 65},     {"agogo", 67},       {"cabasa", 69},
    {"maracas", 70},    {"guiro", 73},       {"claves", 75},      {"woodblock", 76},
    {"triangle", 81},
};

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// Runs of letters, in lower case.
std::vector<std::string> words_of(std::string_view text) {
    std::vector<std::string> words;
    bool within = false;
    for (const char c : text) {
        if (is_letter(c)) {
            if (!within) words.emplace_back();
            words.back() += c <= 'Z' ? static_cast<char>(c + 32) : c;
        }
        within = is_letter(c);
    }
    return words;
}

}  // namespace

int melodic_channel(int channel) {
    constexpr int channels = 15;
    const int number = channel % channels + 1;
    return number < drum_channel ? number : number + 1;
}

std::optional<int> drum_note_of(std::string_view name) {
    const auto words = words_of(name);
    const auto has = [&](const std::string& word) {
        return std::find(words.begin(), words.end(), word) != words.end();
    };
    for (const auto& drum : drums) {
        const auto needed = words_of(drum.words);
        if (std::all_of(needed.begin(), needed.end(), has)) return drum.note;
    }
    return {};
}

}  // namespace patchpipe
