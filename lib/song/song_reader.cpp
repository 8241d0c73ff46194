// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "song/song_reader.h"

namespace patchpipe {
namespace {

// A static object joins it before main(), so it is made at its first use.
std::vector<const SongReader*>& all_readers() {
    static std::vector<const SongReader*> all;
    return all;
}

}  // namespace

SongReader::SongReader() { all_readers().push_back(this); }

const std::vector<const SongReader*>& song_readers() { return all_readers(); }

}  // namespace patchpipe
