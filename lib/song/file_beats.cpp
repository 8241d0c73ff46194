// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "song/file_beats.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace patchpipe {
namespace {

// Of a minute, and what a tempo can hold of them.
constexpr double microseconds = 60e6, longest_beat = 0xffffff;

}  // namespace

std::string midi_tempo(double bpm) {
    const auto number =
        static_cast<std::uint32_t>(std::clamp(std::round(microseconds / bpm), 1.0, longest_beat));
    std::string bytes = "\xff\x51";
    for (const int shift : {16, 8, 0}) bytes += static_cast<char>(number >> shift);
    return bytes;
}

void FileBeats::add_tempo(double beat, double bpm) {
    const auto count = std::ceil(microseconds / bpm / (longest_beat + 0.5));
    pieces_.push_back({beat, at(beat), std::max(count, 1.0)});
}

double FileBeats::at(double beat) const {
    const auto& here = piece(beat);
    return here.in_file + (beat - here.beat) * here.count;
}

const FileBeats::Piece& FileBeats::piece(double beat) const {
    const auto after = std::ranges::upper_bound(pieces_, beat, {}, &Piece::beat);
    return after == pieces_.begin() ? pieces_.front() : *(after - 1);
}

}  // namespace patchpipe
