// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Detects a preset's format by its first bytes, whatever its suffix says.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace patchpipe {

/// How many bytes detect_preset_format() needs.
inline constexpr std::size_t detection_size = 16;

/// The name of the format (preset_formats.h) that begins so; empty for anything else.
[[nodiscard]] std::string detect_preset_format(std::string_view bytes);

/// The same for a file. Throws Error not-found or io.
[[nodiscard]] std::string detect_preset_file(const std::string& path);

/// Throws Error unsupported, which says what to do, for a format that is known but is not a preset:
/// "state", and "fxb", a bank, unless one of its programs is chosen. path is for the message.
void check_is_preset(std::string_view format, std::string_view path, bool program_is_chosen);

}  // namespace patchpipe
