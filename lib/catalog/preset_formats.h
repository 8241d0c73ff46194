// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The one table of preset formats: scanning, detection, the options of render-one and of
// render-presets are made from it. Not here: reading the files (lib/preset, lib/serum).
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace patchpipe {

struct PresetFormat {
    std::string_view name;    ///< the record's preset_format, and the option of render-one
    std::string_view suffix;  ///< matched in any letter case; empty: not found by its name
    /// True if a file that begins with these bytes, detection_size of them or all it has, is one.
    bool (*begins)(std::string_view bytes);
    std::string_view player;  ///< the kind of plug-in that plays it: "VST2"; empty: none does
    bool is_plugin = false;   ///< such a file is no preset but a plug-in of its own
};

/// All formats, in the order in which their beginnings are compared.
[[nodiscard]] std::span<const PresetFormat> preset_formats();

/// The row with that name, or null.
[[nodiscard]] const PresetFormat* format_named(std::string_view name);

/// The preset_format of a file by the suffix of its name; nothing if it is not a preset. Names that
/// start with "._" are not: macOS keeps a file's attributes under such a name beside it.
[[nodiscard]] std::optional<std::string_view> preset_format(std::string_view path);

/// The kind of plug-in that plays presets of this format; empty if none does.
[[nodiscard]] std::string_view player_of(std::string_view format);

/// The suffixes for a message: ".fxp, .fxb, ..."
[[nodiscard]] std::string preset_suffix_list();

}  // namespace patchpipe
