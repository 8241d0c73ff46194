// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Input: a state in JUCE's envelope. Its contents can be written, and are then read the same.

#include "fuzz/fuzz.h"
#include "preset/juce_state.h"
#include "serum/serum_document.h"

using namespace patchpipe;
using namespace patchpipe::fuzz;

namespace {

void check_state(const JuceState& state) {
    const auto again = parse_juce_state(build_juce_state(state), "written");
    expect(again.component == state.component, "the component's state survives");
    expect(again.controller == state.controller, "the controller's state survives");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    Limits limits(size);
    const auto bytes = as_text(data, size);
    expect(from_juce_base64(to_juce_base64(bytes)) == bytes, "base64 gives back what it got");
    limits.made(to_juce_base64(bytes).size());
    if (const auto decoded = from_juce_base64(bytes))
        expect(from_juce_base64(to_juce_base64(*decoded)) == decoded, "base64 is read one way");
    accepted([&] { check_state(parse_juce_state(bytes, "input")); });
    accepted([&] { (void)parse_serum_document(bytes, "input"); });
    return 0;
}
