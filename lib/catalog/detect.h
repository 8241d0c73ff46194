// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which format a preset has, by its first bytes, whatever its suffix says.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace patchpipe {

/// How many bytes detect_preset_format() wants to see.
inline constexpr std::size_t detection_size = 16;

/// The value of preset_format: "fxp", "fxb", "vstpreset" or "serum2" (any XferJson container, a
/// plug-in's bare state too: serum_content() tells); "state" for a state in JUCE's envelope; empty
/// for what is none of these.
[[nodiscard]] std::string detect_preset_format(std::string_view bytes);

/// The same for a file. Throws Error not-found or io.
[[nodiscard]] std::string detect_preset_file(const std::string& path);

/// Throws Error unsupported, which says what to do, if a file of that format is known but is no
/// preset: "fxb", a bank, and "state". path is for the message.
void check_is_preset(std::string_view format, std::string_view path);

}  // namespace patchpipe
