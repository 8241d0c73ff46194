// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a preset file says of itself, in one form for every format. Not here: what it sounds like.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace patchpipe {

/// All texts are UTF-8. What the file does not say, or leaves empty, is absent.
struct PresetMetadata {
    std::string format;  // by content, as detect_preset_format() has it
    std::optional<std::string> name;
    std::optional<std::string> author;
    std::vector<std::string> tags;         // in the file's order, each once
    std::optional<std::string> plugin_id;  // fxp, fxb: four characters ("amsy"), or "0x" and eight
                                           // digits if one is not printable ASCII; vstpreset: the
                                           // class id, 32 digits as in the file; serum2: none
};

/// Reads the head of the file, of a .vstpreset all of it, for its list is at the end. Throws Error:
/// not-found, io, corrupt, and unsupported for what is no preset of a known format.
[[nodiscard]] PresetMetadata read_metadata(const std::string& path);

/// The texts in the XML of a .vstpreset's 'Info' chunk: name, author and tags. XML that cannot be
/// understood has none.
[[nodiscard]] PresetMetadata parse_vstpreset_info(std::string_view xml);

}  // namespace patchpipe
