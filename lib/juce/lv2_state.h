// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Checks that a file is the state of an LV2 plug-in. JUCE itself accepts any file without an error.
// Not here: loading a state.
#pragma once

#include <string>
#include <string_view>

namespace patchpipe {

/// A state is Turtle with absolute URIs and a pset:Preset in it, which hosts save and bundles hold.
/// uri is that of the plug-in that is to take it; path is for messages. Throws Error corrupt,
/// unsupported for a file with several presets, since nothing says which one is meant, and
/// wrong-plugin for a state that names another plug-in and not this one.
void check_lv2_state(std::string_view bytes, const std::string& path, const std::string& uri);

/// True if reading the Turtle text might take all of the stack: nodes and lists are nested deep in
/// it, or it is damaged and has so many of them that they might be.
[[nodiscard]] bool nests_too_deep(const std::string& turtle);

}  // namespace patchpipe
