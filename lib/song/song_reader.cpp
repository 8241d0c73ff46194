// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "song/song_reader.h"

#include <cmath>

#include "base/error.h"

namespace patchpipe {
namespace {

// A static object joins it before main(), so it is made at its first use.
std::vector<const SongReader*>& all_readers() {
    static std::vector<const SongReader*> all;
    return all;
}

}  // namespace

void check_length(const std::string& name, double seconds, double longest) {
    if (seconds <= longest) return;
    if (!std::isfinite(seconds))
        refuse_unsupported(name, "plays without end; make it end in a tracker");
    refuse_unsupported(name, "plays for " + std::to_string(std::llround(seconds)) +
                                 " seconds, and at most " + std::to_string(std::llround(longest)) +
                                 " are allowed; give a greater --longest");
}

SongReader::SongReader() { all_readers().push_back(this); }

const std::vector<const SongReader*>& song_readers() { return all_readers(); }

}  // namespace patchpipe
