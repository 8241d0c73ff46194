// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Input: a line for play-one. What it plays is within its ranges.

#include "fuzz/fuzz.h"
#include "play/read_event.h"

using namespace patchpipe;
using namespace patchpipe::fuzz;

namespace {

void check(const LiveEvent& event) {
    using Kind = LiveEvent::Kind;
    expect(event.frame >= as_soon_as_possible && event.length >= 0, "an event has a place");
    expect(event.size <= event.bytes.size(), "its bytes have room");
    const bool is_message = event.kind == Kind::midi || event.kind == Kind::note;
    expect(!is_message || (event.size > 0 && event.bytes[0] >= 0x80), "a message has a status");
    expect(event.kind != Kind::note || event.size == 3, "a note is a note-on");
    expect(event.value >= 0 && event.value <= 1, "a value is normalised");
    expect(event.parameter < 2, "a parameter is one of the plug-in's");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const ParameterFinder parameters({{"cut", "Cutoff"}, {"res", "Resonance"}}, "Synth",
                                            "parameter");
    Limits limits(size);
    accepted([&] { check(read_event(Record(as_text(data, size)), parameters, 48000)); });
    return 0;
}
