// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "songmix/read_song.h"

#include <string_view>

#include "base/error.h"
#include "song/song_file.h"

namespace patchpipe {
namespace {

// A record, or an error for a line that is wrong in the song.
void take(SongModel& song, const Record& record) {
    if (record.is_error()) throw error_of(record);
    add_to_song(song, record);
}

}  // namespace

void add_to_song(SongModel& song, const Record& record) {
    const auto type = record.text("type").value_or("");
    if (type == "raw" || type == "control" || type == "note") return;
    song.add(record);
}

SongModel read_song(const std::string& path) {
    SongModel song;
    read_song_file(path, {.only_known = true, .states = {}},
                   [&](std::string_view line) { take(song, Record(line)); });
    song.check();
    return song;
}

}  // namespace patchpipe
