// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Input: a line of a job list. Whatever is done to a record, it stays one JSON object, and values
// that were set are read back.

#include "fuzz/fuzz.h"
#include "job/render_job.h"
#include "record/settings.h"

using namespace patchpipe;
using namespace patchpipe::fuzz;

namespace {

// Every field by every type, and the job that a renderer sees.
void read_fields(const Record& record) {
    for (const auto& setting : settings()) {
        accepted([&] { (void)record.text(setting.key); });
        accepted([&] { (void)record.integer(setting.key); });
        accepted([&] { (void)record.flag(setting.key); });
        accepted([&] {
            const auto value = number_setting(record, setting.key);
            const bool is_set = record.raw(setting.key) || !setting.default_json.empty();
            expect(!is_set || value >= setting.min, "a number is in its range");
        });
    }
    accepted([&] {
        const auto job = read_render_job(record);
        expect(job.note >= 0 && job.note <= 127 && job.velocity >= 1, "a job plays a note");
        expect(job.length() >= 0 && job.block_size >= 1, "a job has a length");
        expect(!job.output_path.empty(), "a job has an output");
    });
}

void check_set(Record record, std::string_view key, std::string_view json) {
    if (!accepted([&] { record.set_json(key, json); })) return;
    expect(record.raw(key) == json, "what was set is there");
    expect(Record(record.line()).raw(key) == json, "and in the line");
}

void check_remove(Record record, std::string_view key) {
    record.remove(key);
    expect(!record.raw(key), "what was removed is not there");
    const Record again(record.line());
    expect(!again.raw(key), "nor in the line");
    record.set_json(key, "1");
    expect(Record(record.line()).raw(key) == "1", "and can be set again");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    Limits limits(size);
    std::optional<Record> record;
    if (!accepted([&] { record.emplace(as_text(data, size)); })) return 0;
    expect(record->line() == as_text(data, size), "a record is its line");
    read_fields(*record);
    check_set(*record, "note", "60");
    check_set(*record, "a new key", "\"text\"");
    check_set(*record, "preset_path", "[{},[1.5e3]]");

    check_remove(*record, "note");
    check_remove(*record, "a");

    auto copy = *record;
    accepted([&] { copy.set_all(*record); });
    (void)Record(copy.line());
    limits.made(copy.line().size());
    copy.set_error(Error(ErrorKind::io, "subject", "message"));
    expect(Record(copy.line()).is_error(), "an error record says so");
    return 0;
}
