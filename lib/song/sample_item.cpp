// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "song/sample_item.h"

#include "record/record.h"
#include "record/record_line.h"

namespace patchpipe {

std::string sample_item_id(const SampleItem& item) {
    return item.track + ".i" + std::to_string(item.number);
}

std::string sample_item_line(const SampleItem& item) {
    RecordLine record("item");
    record.text("item", sample_item_id(item)).text("track", item.track);
    record.number("time", item.time).number("beat", item.beat);
    record.number("length", item.length).number("beats", item.beats);
    if (item.loop) record.flag("loop", true);
    if (item.gain != 1) record.number("take_gain", item.gain);
    // A new item of REAPER's keeps its pitch at another rate.
    record.number("rate", item.rate).flag("preserve_pitch", false);
    Record source(R"({"kind":"audio"})");
    source.set("path", item.path);
    record.text("name", item.name).text("sample", item.sample).json("source", source.line());
    return std::string(record.line());
}

}  // namespace patchpipe
