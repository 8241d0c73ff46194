// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Input: JSON for serum-wrap. Accepted JSON is valid to the parser of records too, is printed as
// the same JSON again, and makes a preset and a state that can be read.

#include "fuzz/fuzz.h"
#include "record/record.h"
#include "serum/cbor.h"
#include "serum/serum_edit.h"

using namespace patchpipe;
using namespace patchpipe::fuzz;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    Limits limits(size);
    const std::string json(as_text(data, size));
    SerumDocument document;
    if (!accepted([&] { document = serum_document_from_json(json, "input"); })) return 0;
    (void)Record(json);
    std::string printed;
    serum_document_to_json(document, [&](std::string_view part) { printed += part; });
    limits.made(printed.size());
    const auto again = serum_document_from_json(printed, "printed");
    expect(again.cbor == document.cbor, "the data survives");
    expect(again.metadata == document.metadata, "the metadata survives");
    expect(again.controller == document.controller, "the controller's state survives");

    std::string preset, state;
    if (accepted([&] { preset = build_serum_file(document, "input"); }))
        expect(parse_serum_document(preset, "preset").cbor == document.cbor, "the preset holds it");
    if (accepted([&] { state = build_serum_state(document, "input"); }))
        (void)parse_serum_document(state, "state");
    limits.made(preset.size() + state.size());
    if (accepted([&] { set_serum_metadata(document, "tags", "[]", "input"); }))
        check_cbor(document.cbor, "edited");
    (void)accepted([&] { check_serum_agreement(document, "input"); });
    return 0;
}
