// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Builds the line of a new record, field after field, for tools that make many records. Not here:
// changing a record that came from elsewhere (record.h).
#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

namespace patchpipe {

/// Keys must be plain ASCII, and each may be given once. A text that is not UTF-8 is taken for
/// Latin-1.
class RecordLine {
 public:
    /// Begins the line with its "type".
    explicit RecordLine(std::string_view type) { text("type", type); }

    RecordLine& text(std::string_view key, std::string_view value);
    /// A number that is not finite becomes null.
    RecordLine& number(std::string_view key, double value);
    template <std::integral Number>
    RecordLine& whole(std::string_view key, Number value) {
        return put_whole(key, static_cast<std::int64_t>(value));
    }
    RecordLine& flag(std::string_view key, bool value);
    /// A value that is JSON already.
    RecordLine& json(std::string_view key, std::string_view value);

    /// The line so far, closed.
    [[nodiscard]] std::string_view line();

 private:
    RecordLine& put_whole(std::string_view key, std::int64_t value);
    void begin(std::string_view key);

    std::string line_;
    bool closed_ = false;
};

/// The text as UTF-8: as it is, or converted from Latin-1 if it is not UTF-8.
[[nodiscard]] std::string text_as_utf8(std::string_view text);

}  // namespace patchpipe
