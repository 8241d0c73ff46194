// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Input: a value on a command line, as a list of numbers and as every render setting. Accepted
// values are in range, and fit into a record.

#include "cli/number_list.h"
#include "fuzz/fuzz.h"
#include "record/settings.h"

using namespace patchpipe;
using namespace patchpipe::fuzz;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const Limits limits(size);
    const auto text = as_text(data, size);
    accepted([&] {
        for (const int number : parse_number_list("--note", text, 0, 127))
            expect(number >= 0 && number <= 127, "a number is in its range");
    });
    for (const auto& setting : settings()) {
        std::string json;
        if (!accepted([&] { json = setting_json(setting, text); })) continue;
        Record record("{}");
        record.set_json(setting.key, json);
        expect(Record(record.line()).raw(setting.key) == json, "a setting can stand in a record");
    }
    return 0;
}
