// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The plug-in formats that can be loaded.
#pragma once

#include <optional>
#include <string_view>

namespace patchpipe {

enum class PluginFormat { vst2, vst3, lv2 };

/// "VST2", "VST3" or "LV2".
[[nodiscard]] constexpr std::string_view to_string(PluginFormat format) {
    switch (format) {
        case PluginFormat::vst2:
            return "VST2";
        case PluginFormat::vst3:
            return "VST3";
        case PluginFormat::lv2:
            break;
    }
    return "LV2";
}

/// The only plug-ins that play presets of this format ("fxp", "serum2", ...); nothing if the format
/// is bound to none.
[[nodiscard]] constexpr std::optional<PluginFormat> player_of(std::string_view preset_format) {
    if (preset_format == "fxp") return PluginFormat::vst2;
    if (preset_format == "serum2" || preset_format == "vstpreset") return PluginFormat::vst3;
    return {};
}

}  // namespace patchpipe
