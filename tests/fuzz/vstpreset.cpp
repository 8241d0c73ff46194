// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Input: a .vstpreset file. Its contents can be written, and are then read the same.

#include "preset/vstpreset.h"
#include "base/utf8.h"
#include "catalog/metadata.h"
#include "fuzz/fuzz.h"

using namespace patchpipe;
using namespace patchpipe::fuzz;

namespace {

void check_metadata(const PresetMetadata& metadata) {
    expect(is_utf8(metadata.name.value_or("")), "the name is UTF-8");
    expect(is_utf8(metadata.author.value_or("")), "the author is UTF-8");
    for (const auto& tag : metadata.tags) expect(is_utf8(tag), "a tag is UTF-8");
}

void check_preset(const VstPreset& preset) {
    const auto bytes = build_vstpreset(preset);
    const auto again = parse_vstpreset(bytes, "written");
    expect(same_class_id(again.class_id, preset.class_id), "the class id survives");
    expect(again.component == preset.component, "the component's state survives");
    expect(again.controller == preset.controller, "the controller's state survives");
    expect(again.info == preset.info, "the metadata survives");
    check_metadata(parse_vstpreset_info(preset.info.value_or("")));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const Limits limits(size);
    const auto bytes = as_text(data, size);
    accepted([&] { check_preset(parse_vstpreset(bytes, "input")); });
    check_metadata(parse_vstpreset_info(bytes));
    return 0;
}
