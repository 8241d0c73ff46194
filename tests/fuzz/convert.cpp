// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Input: a preset of any format, and a plug-in's bare state. The preset becomes every other form or
// is refused; the state comes out of every form as it went in.

#include "convert/convert_preset.h"
#include "fuzz/fuzz.h"

using namespace patchpipe;
using namespace patchpipe::fuzz;

namespace {

constexpr PresetForm forms[] = {PresetForm::fxp, PresetForm::fxb, PresetForm::vstpreset,
                                PresetForm::state, PresetForm::raw};

Conversion conversion_to(PresetForm form, bool from_raw) {
    return {.to = form,
            .from_raw = from_raw,
            .header = {.plugin_id = 1, .class_id = "56534558667350736572756D20320000"}};
}

void check_preset(std::string_view bytes, PresetForm form, Limits& limits) {
    auto conversion = conversion_to(form, false);
    Converted strict, lossy;
    const bool whole = accepted([&] { strict = convert_preset(bytes, "input", conversion); });
    conversion.lossy = true;
    const bool possible = accepted([&] { lossy = convert_preset(bytes, "input", conversion); });
    limits.made(strict.bytes.size() + lossy.bytes.size());
    expect(possible || !whole, "--lossy refuses no more");
    if (!possible || form == PresetForm::raw) return;
    expect(convert_preset(lossy.bytes, "made", conversion).bytes == lossy.bytes,
           "what was made is in the form");
}

void check_state(std::string_view state, PresetForm form) {
    Converted made;
    if (!accepted([&] { made = convert_preset(state, "input", conversion_to(form, true)); }))
        return;
    auto back = conversion_to(PresetForm::raw, form == PresetForm::raw);
    expect(convert_preset(made.bytes, "made", back).bytes == state, "a state comes out as it was");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    Limits limits(size);
    const auto bytes = as_text(data, size);
    for (const auto form : forms) {
        check_preset(bytes, form, limits);
        check_state(bytes, form);
    }
    accepted([&] { (void)build_bank({{std::string(bytes), "input"}}, {}, true); });
    return 0;
}
