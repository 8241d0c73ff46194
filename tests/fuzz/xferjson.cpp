// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Input: a .SerumPreset file, or a plug-in's bare state. Its contents can be turned into a state
// and packed again. The CBOR in it is compressed, so cbor.cpp tests CBOR better.

#include "serum/xferjson.h"
#include "fuzz/fuzz.h"
#include "record/record.h"
#include "serum/serum_document.h"

using namespace patchpipe;
using namespace patchpipe::fuzz;

namespace {

void check_document(const SerumDocument& document) {
    expect(Record(document.metadata).line() == document.metadata, "the metadata is an object");
    std::string packed;
    if (!accepted([&] { packed = build_serum_file(document, "input"); })) return;
    const auto again = parse_serum_document(packed, "packed");
    expect(again.cbor == document.cbor, "the CBOR survives");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    Limits limits(size);
    const auto bytes = as_text(data, size);
    accepted([&] { check_document(parse_serum_document(bytes, "input")); });
    accepted([&] { (void)parse_serum_metadata(bytes, "input"); });
    std::string state;
    if (!accepted([&] { state = serum_preset_to_component(bytes, "input"); })) return 0;
    expect(is_xferjson(state), "a state is a container");
    limits.made(state.size());
    (void)parse_serum_document(state, "state");
    return 0;
}
