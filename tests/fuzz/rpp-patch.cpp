// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Input: song records, one a line, and below an empty line the REAPER file that they change. If
// every block of the file is closed, they still are; and a song of these records alone becomes a
// file or is refused.

#include "fuzz/fuzz.h"
#include "song/midi_writer.h"
#include "song/rpp_patch.h"
#include "song/rpp_reader.h"
#include "song/rpp_writer.h"

using namespace patchpipe;
using namespace patchpipe::fuzz;

namespace {

const RppWriteOptions patch_options{.seed = "fuzz", .program = {}};

// Records that name files are dropped: what is in those is not input.
SongModel model_of(std::string_view lines, bool partial) {
    SongModel model(partial);
    while (!lines.empty()) {
        const auto line = take_line(lines);
        accepted([&] {
            const Record record(line);
            if (!record.raw("state_path") && !record.raw("preset_path")) model.add(record);
        });
    }
    return model;
}

// How many blocks are open at the end; nothing if one is closed that is not open.
std::optional<int> open_blocks(std::string_view text) {
    int depth = 0;
    while (!text.empty()) {
        const auto kind = rpp_kind(text.substr(0, text.find_first_of("\r\n")));
        text.remove_prefix(std::min(text.find_first_of("\r\n"), text.size() - 1) + 1);
        if (kind == RppKind::open) ++depth;
        if (kind == RppKind::close && --depth < 0) return {};
    }
    return depth;
}

void check_patch(std::string_view project, const SongModel& song, Limits& limits) {
    const MemoryFile file(project);
    std::string bytes;
    patch_rpp(file.path(), song, patch_options, [&](std::string_view part) { bytes += part; });
    limits.made(bytes.size() / 4);
    if (open_blocks(project) == 0) expect(open_blocks(bytes) == 0, "every block is closed");
}

void check_write(const SongModel& song, Limits& limits) {
    const auto tempo = song.tempo_map();
    std::size_t size = 0;
    RppWriter(song, tempo, patch_options, [&](std::string_view line) {
        size += line.size() + 1;
    }).write();
    limits.made(size / 4);  // a new project has all lines that REAPER would write
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    Limits limits(size);
    const auto input = as_text(data, size);
    const auto border = input.find("\n\n");
    if (border == input.npos) return 0;
    const auto lines = input.substr(0, border), project = input.substr(border + 2);
    const auto whole = model_of(lines, false);
    accepted([&] { check_patch(project, model_of(lines, true), limits); });
    accepted([&] { check_write(whole, limits); });
    accepted([&] { limits.made(build_midi(whole).size() / 4); });
    return 0;
}
