// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The bytes of an LV2 preset of our own: the file that describes it, and the manifest of the bundle
// that hosts find it by. The form is that in which lilv saves presets (lilv_state_save() in
// lilv.h). Not here: reading them (lv2_presets.h).
#pragma once

#include <string>
#include <string_view>

#include "lv2/lv2_presets.h"

namespace patchpipe {

/// The name of the file that describes the preset, in its bundle.
inline constexpr std::string_view lv2_preset_name = "preset.ttl";

/// Turns a state as JUCE gives it, Turtle about the preset "PLUGIN/savedState", into a preset with
/// that label. Its URI is urn:uuid: and the MD5 of all that it says, so that different presets have
/// different ones. Throws Error corrupt if the state is not Turtle.
[[nodiscard]] std::string build_lv2_preset(const std::string& state, const std::string& plugin,
                                           std::string_view label);

/// The manifest of a bundle with that preset in lv2_preset_name and nothing else.
[[nodiscard]] std::string build_lv2_manifest(const Lv2Preset& preset);

}  // namespace patchpipe
