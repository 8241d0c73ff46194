// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Input: a module in text. Its records are a song that can be written, with as many notes as items.

#include "fuzz/fuzz.h"
#include "song/midi_writer.h"
#include "song/text_grammar.h"
#include "song/text_module.h"

using namespace patchpipe;
using namespace patchpipe::fuzz;

namespace {

struct Counted {
    std::size_t events = 0;
    SongModel song;
};

Counted read_song(std::string_view text, bool items, Limits& limits) {
    Counted counted;
    SongPlaying playing;
    playing.items = items;
    read_text_module(text, "input", playing, [&](std::string_view line) {
        // A row of two bytes is played as often as the order says.
        limits.made(line.size() / 1024);
        const Record record(line);
        if (record.is_error()) return;
        const auto type = record.text("type").value_or("");
        counted.events += type == "note" || type == "item";
        counted.song.add(record);
    });
    counted.song.check();
    return counted;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    Limits limits(size);
    const auto text = as_text(data, size);
    (void)is_text_module(text);
    accepted([&] {
        const auto notes = read_song(text, false, limits);
        const auto items = read_song(text, true, limits);
        expect(notes.events == items.events, "notes are items");
        (void)build_midi(notes.song, DrumNotes::guessed);
    });
    return 0;
}
