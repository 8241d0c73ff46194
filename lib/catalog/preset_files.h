// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which file names are those of presets: the one table of suffixes. Not here: what the files
// contain.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace patchpipe {

struct PresetSuffix {
    std::string_view suffix;  // matched in any letter case
    std::string_view format;  // the record's preset_format
    std::string_view player;  // the only kind of plug-in that plays it; empty: none does
};

inline constexpr std::array preset_suffixes = {
    PresetSuffix{".fxp", "fxp", "VST2"},
    PresetSuffix{".fxb", "fxb", ""},
    PresetSuffix{".SerumPreset", "serum2", "VST3"},
    PresetSuffix{".vstpreset", "vstpreset", "VST3"},
};

/// The preset_format of a file by the suffix of its name; nothing if it is not a preset. Names that
/// start with "._" are not: macOS keeps a file's attributes under such a name beside it.
[[nodiscard]] std::optional<std::string_view> preset_format(std::string_view path);

/// The suffix of the files of a format; empty for a format that is not in the table.
[[nodiscard]] std::string_view suffix_of(std::string_view format);

/// The only kind of plug-in that plays presets of this format: "VST2", "VST3"; empty if the format
/// is bound to none.
[[nodiscard]] std::string_view player_of(std::string_view format);

/// The suffixes for a message: ".fxp, .fxb, ..."
[[nodiscard]] std::string preset_suffix_list();

}  // namespace patchpipe
