// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "song/song_file.h"

#include "base/error.h"
#include "base/words.h"
#include "file/absolute.h"
#include "file/output.h"
#include "record/record_loop.h"
#include "record/stream.h"
#include "song/line_source.h"
#include "song/midi_reader.h"

namespace patchpipe {
namespace {

bool are_records(std::string_view head) {
    const auto text = without_byte_order_mark(head);
    const auto first = text.find_first_not_of(" \t\r\n");
    return first == text.npos || text[first] == '{';
}

void read_records(LineSource& source, const WriteLine& write) {
    RecordLoop loop([&](const Record& record) { write(record.line()); },
                    [&](const Record& record) { write(record.line()); });
    std::string line;
    bool cut = false;
    while (const auto piece = source.next()) {
        cut = cut || line.size() + piece->text.size() > longest_line;
        if (!cut) line += piece->text;
        if (piece->piece && piece->end.empty()) continue;
        loop.take(line, cut);
        line.clear();
        cut = false;
    }
    if (!line.empty()) loop.take(line, cut);
}

}  // namespace

void read_song_file(const std::string& file, const SongReadOptions& options,
                    const WriteLine& write) {
    const auto path = file == "-" ? input_name(file) : readable(absolute_path(file));
    LineSource source(file);
    const auto head = source.head(song_head_size);
    if (is_midi(head)) return read_midi(file, path, write);
    if (is_rpp(head)) return read_rpp(source, path, options, write);
    if (are_records(head)) return read_records(source, write);
    refuse_unsupported(path,
                       "is neither one of REAPER's files, a MIDI file nor song records; name one");
}

}  // namespace patchpipe
