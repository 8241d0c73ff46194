// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Input: an .fxp or .fxb file. Its contents can be written, and are then read the same.

#include "preset/fxp.h"
#include "base/utf8.h"
#include "fuzz/fuzz.h"

using namespace patchpipe;
using namespace patchpipe::fuzz;

namespace {

void check_header(const FxHeader& header) {
    expect(is_utf8(header.program_name), "the program's name is UTF-8");
    expect(header.program_name.find('\0') == std::string::npos, "the program's name has no NUL");
    expect(is_utf8(show_plugin_id(header.plugin_id)), "a plug-in id can be shown");
}

void check_program(const Fxp& fxp, Limits& limits) {
    const auto bytes = build_fxp(fxp);
    limits.made(bytes.size());
    const auto again = parse_fxp(bytes, "written");
    expect(again.state == fxp.state, "the state survives");
    expect(again.parameters == fxp.parameters, "the parameters survive");
    expect(again.header.plugin_id == fxp.header.plugin_id, "the plug-in id survives");
    // The field holds 27 bytes and a NUL.
    expect(fxp.header.program_name.starts_with(again.header.program_name), "the name survives");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    Limits limits(size);
    const auto bytes = as_text(data, size);
    accepted([&] { check_header(parse_fx_header(bytes, "input")); });
    accepted([&] { check_program(parse_fxp(bytes, "input"), limits); });
    accepted([&] { (void)parse_fx_state(bytes, "input"); });
    return 0;
}
