// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// JSON values as text, for splicing into a record.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace patchpipe {

/// A JSON string with its quotes. The text must be UTF-8; control characters are escaped.
[[nodiscard]] std::string json_text(std::string_view text);
/// The same, behind what is there.
void append_json_text(std::string& json, std::string_view text);

/// The shortest decimal that reads back as the same double; a value that is not finite is null.
[[nodiscard]] std::string json_number(double value);
[[nodiscard]] std::string json_number(std::int64_t value);
[[nodiscard]] std::string json_flag(bool value);

/// A JSON list of these texts, which must be UTF-8.
[[nodiscard]] std::string json_list(const std::vector<std::string>& texts);

/// Returns the strings in a JSON array, in order. Other values are left out. Returns an empty list
/// if the text is not an array.
[[nodiscard]] std::vector<std::string> json_texts(std::string_view array);

/// The values in a JSON array as JSON, in order. Returns nothing if the text is not an array.
[[nodiscard]] std::optional<std::vector<std::string>> json_elements(std::string_view array);

/// JSON without the space between its parts; numbers stay as they are written. The text must be
/// JSON.
[[nodiscard]] std::string json_compact(std::string_view json);

}  // namespace patchpipe
