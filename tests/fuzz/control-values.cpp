// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Input: a file of values of a Faust program's controls. The values that it gives can be written,
// and are then read the same.

#include "faust/control_values.h"
#include "fuzz/fuzz.h"

using namespace patchpipe;
using namespace patchpipe::fuzz;

namespace {

using Values = std::vector<std::pair<std::size_t, double>>;

const std::vector<const FaustItem*>& controls() {
    static const FaustItem volume{
        .kind = FaustItem::Kind::hslider, .label = "volume", .address = "/synth/volume"};
    static const FaustItem gate{
        .kind = FaustItem::Kind::button, .label = "the gate", .address = "/synth/the gate"};
    static const std::vector<const FaustItem*> all{&volume, &gate};
    return all;
}

void check_values(const Values& values, Limits& limits) {
    std::vector<double> last(controls().size(), 0);
    for (const auto& [control, value] : values) {
        expect(control < controls().size(), "a value is that of a control");
        last[control] = value;
    }
    const auto text = write_control_values(controls(), last);
    limits.made(text.size());
    const auto again = read_control_values(text, "written", controls());
    expect(again == Values{{0, last[0]}, {1, last[1]}}, "values survive");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    Limits limits(size);
    const auto text = as_text(data, size);
    accepted([&] { check_values(read_control_values(text, "input", controls()), limits); });
    return 0;
}
