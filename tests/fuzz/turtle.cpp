// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Input: the state of an LV2 plug-in, as Turtle. It is a state or refused, for any plug-in; and a
// text refused for one plug-in is refused for all. The preset that it becomes is Turtle again.

#include <sanitizer/lsan_interface.h>

#include "base/sanitized.h"
#include "fuzz/fuzz.h"
#include "juce/lv2_state.h"
#include "lv2/lv2_bundle_writer.h"
#include "lv2/turtle.h"

using namespace patchpipe;
using namespace patchpipe::fuzz;

namespace {

void check_preset(const std::string& state, Limits& limits) {
    constexpr std::string_view label = "a \"name\" \\ \n\xc3\xbc";
    const auto preset = build_lv2_preset(state, "urn:synth", label);
    limits.made(preset.size() / 4);  // every prefix is written out
    bool is_labelled = false;
    const auto failure = read_turtle(preset, "", [&](const TurtleStatement& statement) {
        is_labelled = is_labelled || statement.object.text == label;
    });
    expect(!failure, "a preset is Turtle");
    expect(is_labelled, "its label survives");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    Limits limits(size);
#ifdef PATCHPIPE_SANITIZED
    // JUCE's sord loses some bytes at a statement that it refuses.
    const __lsan::ScopedDisabler disabler;
#endif
    const std::string text(as_text(data, size));
    const bool fits = accepted([&] { check_lv2_state(text, "input", "urn:synth"); });
    try {
        check_lv2_state(text, "input", "urn:another");
    } catch (const Error& error) {
        const bool other = error.kind() == ErrorKind::wrong_plugin;
        expect(!fits || other, "a state is refused only for its plug-in");
    }
    if (fits) expect(!nests_too_deep(text), "a state that is read is not too deep");
    accepted([&] { check_preset(text, limits); });
    return 0;
}
