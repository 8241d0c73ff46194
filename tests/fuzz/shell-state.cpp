// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Input: a state of patchpipe-shell, as a host gives it back. What is read of it can be written,
// and is then read the same.

#include "fuzz/fuzz.h"
#include "shell/shell_state.h"

using namespace patchpipe;
using namespace patchpipe::fuzz;

namespace {

void check_state(const ShellState& state, Limits& limits) {
    for (const auto& parameter : state.sound.parameters)
        expect(parameter.value >= 0 && parameter.value <= 1, "a value is normalised");
    const auto written = write_shell_state(state);
    limits.made(written.size());
    const auto again = read_shell_state(written);
    expect(again.plugin_path == state.plugin_path && again.sound.state == state.sound.state &&
               again.sound.parameters.size() == state.sound.parameters.size(),
           "a state survives");
    expect(write_shell_state(again) == written, "the same state is written alike");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    Limits limits(size);
    accepted([&] { check_state(read_shell_state(as_text(data, size)), limits); });
    return 0;
}
