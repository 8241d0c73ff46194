// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// JSON values as text, for splicing into a record.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace patchpipe {

/// A JSON string with its quotes. The text must be UTF-8; control characters are escaped.
[[nodiscard]] std::string json_text(std::string_view text);

/// The shortest decimal that reads back as the same double; a value that is not finite is null.
[[nodiscard]] std::string json_number(double value);
[[nodiscard]] std::string json_number(std::int64_t value);
[[nodiscard]] std::string json_flag(bool value);

/// True if the bytes are well-formed UTF-8.
[[nodiscard]] bool is_utf8(std::string_view bytes);

}  // namespace patchpipe
