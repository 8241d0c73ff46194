// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The text of REAPER's files: what kind of line a line is, its fields, and fields put into a line.
// The rules are those of WDL's LineParser and ProjectContext. Not here: what the fields mean.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace patchpipe {

enum class RppKind {
    blank,
    open,   ///< "<TAG a b": a block begins
    close,  ///< ">": it ends
    text,   ///< "|" and text to the end of the line
    plain,  ///< fields, or base64
};

/// Leading blanks do not count.
[[nodiscard]] RppKind rpp_kind(std::string_view line);

/// The line without leading blanks.
[[nodiscard]] std::string_view rpp_body(std::string_view line);

/// The first field of a line, without "<": "TRACK" of "<TRACK {...}".
[[nodiscard]] std::string_view rpp_tag(std::string_view line);

/// One field, and where it is in the line with its quotes.
struct RppField {
    std::string_view text;
    std::size_t begin = 0, end = 0;
};

/// The fields of a line, the tag first, without "<". A field that begins with one of the three
/// quotes goes to the next same quote, another to the next blank. Reading keeps the memory from one
/// line to the next.
class RppFields {
 public:
    /// The line must outlive the fields. Returns false if a quote is not closed: REAPER then skips
    /// the line. The last field goes to the end of the line.
    bool split(std::string_view line);

    [[nodiscard]] std::size_t size() const { return fields_.size(); }
    /// Empty if there are fewer fields.
    [[nodiscard]] std::string_view text(std::size_t place) const;
    /// 0 for what is no number, as with atof(). A comma is a point, and integers may be 0x....
    [[nodiscard]] double number(std::size_t place) const;
    [[nodiscard]] const RppField& operator[](std::size_t place) const { return fields_[place]; }

 private:
    std::vector<RppField> fields_;
};

/// The number at the beginning of the text, as RppFields::number().
[[nodiscard]] double rpp_number(std::string_view text);

/// The value as a field, quoted if it must be. A value with all three quotes loses something: each
/// backtick becomes an apostrophe. A line break becomes a blank.
[[nodiscard]] std::string rpp_quoted(std::string_view value);

/// The same with quotes also where a reader would not need them.
[[nodiscard]] std::string rpp_always_quoted(std::string_view value);

/// True if rpp_quoted() would lose something.
[[nodiscard]] bool rpp_quoting_loses(std::string_view value);

/// A number without exponent: the shortest that reads back the same.
[[nodiscard]] std::string rpp_decimal(double value);

/// The line with that field replaced by a text that is quoted already, and every other byte as it
/// is. Fields that are missing before it become 0.
[[nodiscard]] std::string rpp_with_field(std::string_view line, std::size_t place,
                                         std::string_view field);

}  // namespace patchpipe
