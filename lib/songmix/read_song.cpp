// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "songmix/read_song.h"

#include <fcntl.h>
#include <unistd.h>
#include <cerrno>
#include <string_view>

#include "base/descriptor.h"
#include "base/error.h"
#include "base/words.h"
#include "file/absolute.h"
#include "record/record_loop.h"
#include "record/stream.h"
#include "song/midi_reader.h"
#include "song/rpp_reader.h"

namespace patchpipe {
namespace {

// A record, or an error for a line that is wrong in the song.
void take(SongModel& song, const Record& record) {
    if (record.is_error()) throw error_of(record);
    add_to_song(song, record);
}

void read_records(const std::string& path, SongModel& song) {
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (file.get() < 0) throw Error(ErrorKind::io, path, system_message(errno));
    LineWriter unused(STDOUT_FILENO);
    LineReader in(file.get(), unused);
    RecordLoop loop([&](Record& record) { take(song, record); },
                    [](const Record& record) { throw error_of(record); });
    while (const auto line = in.next()) loop.take(*line, in.cut());
}

}  // namespace

void add_to_song(SongModel& song, const Record& record) {
    const auto type = record.text("type").value_or("");
    if (type == "raw" || type == "control" || type == "note") return;
    song.add(record);
}

SongModel read_song(const std::string& path) {
    SongModel song;
    LineSource source(path);
    constexpr std::size_t head_size = 4096;
    const auto head = source.head(head_size);
    const auto first = without_byte_order_mark(head).find_first_not_of(" \t\r\n");
    const WriteLine write = [&](std::string_view line) { take(song, Record(line)); };
    if (is_midi(head))
        read_midi(path, absolute_path(path), write);
    else if (is_rpp(head))
        read_rpp(source, readable(absolute_path(path)), {.only_known = true, .states = {}}, write);
    else if (first != std::string::npos && without_byte_order_mark(head)[first] == '{')
        read_records(path, song);
    else
        refuse_unsupported(path,
                           "is neither a REAPER project, a MIDI file nor song records; name one");
    song.check();
    return song;
}

}  // namespace patchpipe
