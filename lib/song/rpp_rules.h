// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which field of which line of a REAPER file is which key of which record. Reader and writer use
// the same tables: one reads a line's fields into a record, the other changes the fields of a line
// to what a record says. Not here: what takes more than a field (folders, sources, states).
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "record/record.h"
#include "record/record_line.h"
#include "song/rpp_text.h"

namespace patchpipe {

enum class RppValue {
    text,
    number,
    pan,  ///< a number from -1 to 1
    whole,
    flag,       ///< 0 is false
    clear,      ///< 0 is true: the key says the opposite of the field
    gain,       ///< linear; beside it a key with "_db"
    magnitude,  ///< the same without its sign, which is a key of its own
    negative,   ///< true if the number is below 0
    semitones,  ///< the key is in cents
    shape,      ///< a fade's, 0 to 6; the key is a name of audio-mix(1)
    send_mode,
};

struct RppRule {
    std::string_view tag;  ///< of the line
    std::size_t place;     ///< of the field; the tag has 0
    std::string_view key;
    RppValue value;
    std::string_view usual = {};  ///< with this the key is left out of the record
};

using RppRules = std::span<const RppRule>;

/// Of the project (song), of a track, of the master, of a send, of an item, of its first take, of
/// its other takes and of an effect; rpp_tables.cpp is the list.
extern const RppRules song_rules, render_rules, track_rules, master_rules, send_rules, item_rules,
    first_take_rules, next_take_rules, fx_rules;

/// A line of a block for each tag of the rules, as REAPER would write it: what a new block begins
/// with.
[[nodiscard]] std::span<const std::string_view> usual_lines(RppRules rules);

/// The fields that the lines of one block gave for the rules.
class RppValues {
 public:
    explicit RppValues(RppRules rules) : rules_(rules), texts_(rules.size()) {}

    /// Returns false if no rule is about such a line.
    bool take(const RppFields& fields);
    /// Adds the keys to a record, but those with their usual value.
    void put(RecordLine& record) const;

    /// The field behind a key, if there was one.
    [[nodiscard]] std::optional<std::string> text(std::string_view key) const;
    [[nodiscard]] double number(std::string_view key, double missing) const;
    void set(std::string_view key, std::string_view text);

 private:
    RppRules rules_;
    std::vector<std::optional<std::string>> texts_;
};

/// The line with its fields as the record has them. A field whose key is missing in the record, or
/// has the value that the line has, stays byte for byte. Throws Error bad-record for a value of
/// another type or out of range.
[[nodiscard]] std::string rpp_line_with(std::string_view line, RppRules rules,
                                        const Record& record);

/// True if the record has a key that a line of this tag would hold, with another value than usual.
[[nodiscard]] bool rpp_line_needed(std::string_view usual_line, RppRules rules,
                                   const Record& record);

}  // namespace patchpipe
