// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The plug-in formats that can be loaded.
#pragma once

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

}  // namespace patchpipe
