// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Input: an .fxb file. Its programs lie in it one after the other, and the bank can be written and
// is then read the same.

#include "preset/fxb.h"
#include "base/utf8.h"
#include "fuzz/fuzz.h"

using namespace patchpipe;
using namespace patchpipe::fuzz;

namespace {

void check_programs(const Fxb& bank, std::string_view bytes) {
    auto size = bank.rest.size() + bank.state.size();
    for (std::size_t i = 0; i < bank.programs.size(); ++i) {
        const auto program = bank.programs[i];
        expect(program.data() >= bytes.data() &&
                   program.data() + program.size() <= bytes.data() + bytes.size(),
               "a program lies in the file");
        expect(is_utf8(bank_program_name(bank, i)), "a program's name is UTF-8");
        accepted([&] { (void)parse_fxp(program, "a program"); });
        size += program.size();
    }
    expect(size < bytes.size(), "no two programs have bytes in common");
    if (bank.programs.empty()) return;
    accepted([&] { (void)bank_program_named(bank, bank_program_name(bank, 0), "input"); });
    expect(bank_program(bank, 0, "input") == bank.programs[0], "a program is found");
}

void check_bank(const Fxb& bank, std::string_view input, Limits& limits) {
    check_programs(bank, input);
    const auto bytes = build_fxb(bank);
    limits.made(bytes.size());
    const auto again = parse_fxb(bytes, "written");
    expect(again.programs == bank.programs, "the programs survive");
    expect(again.state == bank.state, "the state survives");
    expect(again.current_program == bank.current_program, "the current program survives");
    expect(again.header.plugin_id == bank.header.plugin_id, "the plug-in id survives");
    expect(build_fxb(again) == bytes, "what is written is read and written again");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    Limits limits(size);
    const auto bytes = as_text(data, size);
    accepted([&] { check_bank(parse_fxb(bytes, "input"), bytes, limits); });
    return 0;
}
