// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Input: decompressed CBOR of a preset. Its JSON is valid and becomes CBOR with the same JSON; the
// rules for Serum make CBOR of it, which they do not change a second time.

#include "serum/cbor.h"
#include "fuzz/fuzz.h"
#include "record/record.h"
#include "serum/cbor_json.h"
#include "serum/serum_rules.h"

using namespace patchpipe;
using namespace patchpipe::fuzz;

namespace {

void check_json(std::string_view cbor, Limits& limits) {
    const auto json = cbor_to_json(cbor);
    limits.made(json.size());
    (void)Record("{\"data\":" + json + "}");
    const auto back = json_to_cbor(json, "its JSON");
    check_cbor(back, "CBOR of its JSON");
    expect(cbor_to_json(back) == json, "JSON and back says the same");
}

void check_state(const std::string& state) {
    check_cbor(state, "the state");
    expect(convert_serum_preset(state, "the state").cbor == state, "a state is a state already");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    Limits limits(size);
    const auto cbor = as_text(data, size);
    const bool is_cbor = accepted([&] { check_cbor(cbor, "input"); });
    std::string state;
    const bool converts = accepted([&] { state = convert_serum_preset(cbor, "input").cbor; });
    expect(is_cbor || !converts, "the conversion checks as the check does");
    if (is_cbor) check_json(cbor, limits);
    limits.made(state.size());
    if (converts) check_state(state);
    return 0;
}
