// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Bytes as base64 and back: RFC 4648, section 4, with padding. Not here: JUCE's own kind
// (preset/juce_state.h).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace patchpipe {

/// The text, without line breaks.
[[nodiscard]] std::string to_base64(std::string_view bytes);

/// The bytes. Padding may be missing. Returns nothing if a character is not of the alphabet, if
/// something follows the padding, or if the length cannot be.
[[nodiscard]] std::optional<std::string> from_base64(std::string_view text);

}  // namespace patchpipe
