// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Reads the block of a plug-in in a chain of effects: which plug-in it is, and its state. Only for
// lib/song. Not here: the bytes of a VST's state (vst_chunk.h).
#pragma once

#include <string>

#include "song/rpp_reading.h"
#include "song/rpp_rules.h"
#include "song/vst_chunk.h"

namespace patchpipe {

/// True for the tags of plug-ins' blocks, and for CONTAINER.
[[nodiscard]] bool is_plugin_block(std::string_view tag);

/// The field of the block's first line that has the name that the user gives to the plug-in.
[[nodiscard]] std::size_t custom_name_place(std::string_view tag);

/// Reads the block that was just entered, completes the record with it and with the values, and
/// writes it. header must outlive the walk.
void read_plugin(RppReading& reading, const RppLine& header, RecordLine& record,
                 const RppValues& values, const std::string& id);

/// The key "reaper" of a record: what REAPER stores beside the state in the chunk, as JSON.
[[nodiscard]] std::string reaper_json(const VstChunk& chunk);

/// The id of a VST in a REAPER file, "1158812272{GUID}" or "1919247729<hex>": the number, and the
/// digits in the brackets. vst3 says which brackets they are.
struct ReaperVstId {
    std::uint32_t number = 0;
    std::string digits;
    bool vst3 = false;
};
[[nodiscard]] ReaperVstId parse_reaper_vst_id(std::string_view text);

}  // namespace patchpipe
