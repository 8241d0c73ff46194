// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Input: a file that preset-scan --meta reads. Its metadata fits into a record.

#include "catalog/metadata.h"
#include "fuzz/fuzz.h"
#include "record/record.h"

using namespace patchpipe;
using namespace patchpipe::fuzz;

namespace {

void check_text(const std::string& text) {
    expect(!text.empty(), "what a file leaves empty is absent");
    Record record("{}");
    record.set("text", text);
    expect(Record(record.line()).text("text") == text, "a text can stand in a record");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    Limits limits(size);
    const MemoryFile file(as_text(data, size));
    PresetMetadata metadata;
    if (!accepted([&] { metadata = read_metadata(file.path()); })) return 0;
    check_text(metadata.format);
    for (const auto& text : {metadata.name, metadata.author, metadata.plugin_id})
        if (text) check_text(*text);
    limits.made(12 * metadata.values.size());
    for (const auto& tag : metadata.tags) {
        check_text(tag);
        limits.made(tag.size());
    }
    return 0;
}
