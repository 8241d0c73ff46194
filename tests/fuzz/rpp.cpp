// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Input: a REAPER file. Its raw records become the same bytes; its records are records; the file
// patched with nothing, or with these records, stays as it is; and if nothing was wrong in it,
// nothing is in a file written of them.

#include <algorithm>
#include <vector>

#include "fuzz/fuzz.h"
#include "song/raw_lines.h"
#include "song/rpp_patch.h"
#include "song/rpp_reader.h"
#include "song/rpp_writer.h"

using namespace patchpipe;
using namespace patchpipe::fuzz;

namespace {

const RppWriteOptions write_options{.seed = "fuzz", .program = {}};

std::string through_raw_records(const MemoryFile& file) {
    std::string bytes;
    LineSource source(file.path());
    write_raw_lines(source, [&](std::string_view line) {
        const Record record(line);
        bytes += raw_bytes(record) + raw_end(record);
    });
    return bytes;
}

std::vector<Record> records_of(const MemoryFile& file, Limits& limits) {
    std::vector<Record> records;
    LineSource source(file.path());
    read_rpp(source, "input", {}, [&](std::string_view line) {
        limits.made(line.size() / 4);  // a record has more keys than a line has fields
        records.emplace_back(line);
    });
    return records;
}

std::string patched(const MemoryFile& file, const SongModel& song) {
    std::string bytes;
    patch_rpp(file.path(), song, write_options, [&](std::string_view part) { bytes += part; });
    return bytes;
}

std::string written(const SongModel& song) {
    std::string bytes;
    const auto tempo = song.tempo_map();
    RppWriter(song, tempo, write_options, [&](std::string_view line) {
        bytes.append(line).append("\n");
    }).write();
    return bytes;
}

SongModel model_of(const std::vector<Record>& records, bool partial) {
    SongModel model(partial);
    for (const auto& record : records)
        if (!record.is_error()) model.add(record);
    return model;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    Limits limits(size);
    const auto bytes = as_text(data, size);
    const MemoryFile file(bytes);
    expect(through_raw_records(file) == bytes, "raw records keep every byte");
    if (!is_rpp(bytes.substr(0, 4096))) return 0;
    const auto records = records_of(file, limits);
    expect(!records.empty(), "a REAPER file has records");
    accepted([&] { expect(patched(file, SongModel(true)) == bytes, "no record changes nothing"); });
    accepted([&] {
        expect(patched(file, model_of(records, true)) == bytes, "its own records change nothing");
    });
    std::string project;
    if (!accepted([&] { project = written(model_of(records, false)); })) return 0;
    const auto again = records_of(MemoryFile(project), limits);
    const auto is_error = [](const Record& record) { return record.is_error(); };
    expect(std::any_of(records.begin(), records.end(), is_error) ||
               std::none_of(again.begin(), again.end(), is_error),
           "a written file is read without complaint");
    return 0;
}
