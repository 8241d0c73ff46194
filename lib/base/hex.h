// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Bytes as hexadecimal digits and back.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace patchpipe {

/// Two lower-case digits a byte.
[[nodiscard]] std::string to_hex(std::string_view bytes);

/// The number in that many lower-case digits, with zeros in front.
[[nodiscard]] std::string to_hex(std::uint64_t number, int digits);

/// Decodes digits in either case. Returns nothing if their number is odd or one is not a digit.
[[nodiscard]] std::optional<std::string> from_hex(std::string_view digits);

}  // namespace patchpipe
