// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Input: a MIDI file. A file with a track and without defects becomes records, and these a file
// with the same records.

#include <vector>

#include "fuzz/fuzz.h"
#include "song/midi_reader.h"
#include "song/midi_writer.h"

using namespace patchpipe;
using namespace patchpipe::fuzz;

namespace {

struct Song {
    std::vector<std::string> head;  // the type is another if one of type 0 has several tracks
    std::vector<std::string> lines;
    bool damaged = false, has_track = false;
};

Song read_song(std::string_view bytes, Limits& limits) {
    const MemoryFile file(bytes);
    Song song;
    read_midi(file.path(), "input", [&](std::string_view line) {
        limits.made(line.size() / 4);  // an event of two bytes has keys
        const Record record(line);
        song.damaged = song.damaged || record.is_error();
        song.has_track = song.has_track || record.text("type") == "track";
        (record.text("type") == "song" ? song.head : song.lines).emplace_back(line);
    });
    return song;
}

std::string written(const Song& song) {
    SongModel model;
    for (const auto* lines : {&song.head, &song.lines})
        for (const auto& line : *lines) model.add(Record(line));
    model.check();
    return build_midi(model);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    Limits limits(size);
    Song song;
    if (!accepted([&] { song = read_song(as_text(data, size), limits); })) return 0;
    if (song.damaged || !song.has_track) return 0;
    accepted([&] {
        const auto bytes = written(song);
        limits.made(bytes.size());
        const auto again = read_song(bytes, limits);
        expect(again.lines == song.lines, "a song survives");
    });
    return 0;
}
