// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The item record of a note that a sample plays: audio in place of a note.
#pragma once

#include <string>

namespace patchpipe {

struct SampleItem {
    std::string track;            ///< the id of its track
    int number = 1;               ///< of the item on the track, from 1
    double time = 0, length = 0;  ///< seconds
    double beat = 0, beats = 0;
    std::string sample;  ///< the id of the sample's record
    std::string name;    ///< of the sample
    std::string path;    ///< of its file
    double rate = 1;     ///< of speed and pitch together
    double gain = 1;     ///< linear
    bool loop = false;   ///< repeated until the item ends
};

[[nodiscard]] std::string sample_item_line(const SampleItem& item);
/// The id that the line has.
[[nodiscard]] std::string sample_item_id(const SampleItem& item);

}  // namespace patchpipe
