// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// One record: a line that is a JSON object. Reading a field decodes it; setting one replaces only
// its text in the line, so that fields unknown to a tool stay unchanged, byte for byte.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/error.h"
#include "base/json.h"

namespace patchpipe {

class Record {
 public:
    /// Takes the line without its newline. Throws Error bad-record unless it is one JSON object.
    explicit Record(std::string_view line);

    /// The field's value; nothing if the key is absent or null. Each throws Error bad-record if the
    /// value has another type, or if the key appears twice.
    [[nodiscard]] std::optional<std::string> text(std::string_view key) const;
    /// Like text(), but also refuses a NUL: the system would end the path there.
    [[nodiscard]] std::optional<std::string> path(std::string_view key) const;
    [[nodiscard]] std::optional<double> number(std::string_view key) const;
    [[nodiscard]] std::optional<std::int64_t> integer(std::string_view key) const;
    [[nodiscard]] std::optional<bool> flag(std::string_view key) const;

    /// The JSON text of the value as written in the line; nothing if absent or null.
    [[nodiscard]] std::optional<std::string_view> raw(std::string_view key) const;

    /// The keys of all fields, in order; a key that appears twice is in it twice.
    [[nodiscard]] std::vector<std::string> keys() const;

    /// Each replaces the value in its place, or adds the field before the closing brace. Throws
    /// Error bad-record if the key appears twice. A text must be UTF-8; a number that is not finite
    /// becomes null.
    void set(std::string_view key, std::string_view text) { set_json(key, json_text(text)); }
    template <typename Value>
    requires std::is_arithmetic_v<Value>
    void set(std::string_view key, Value value) {
        if constexpr (std::is_same_v<Value, bool>)
            set_json(key, json_flag(value));
        else if constexpr (std::is_integral_v<Value>)
            set_json(key, json_number(static_cast<std::int64_t>(value)));
        else
            set_json(key, json_number(double{value}));
    }
    /// The same with a value that is JSON already.
    void set_json(std::string_view key, std::string_view json);

    /// Sets every field of the other record.
    void set_all(const Record& fields);

    /// Removes the field, and all of them if the key appears more than once.
    void remove(std::string_view key);

    /// Makes it an error record: status, error_kind and error, and where in a text the mistake is:
    /// error_path, line and column. Each of them once.
    void set_error(const Error& error);

    /// True if an earlier tool made it an error record. Throws Error bad-record if there are two
    /// statuses: some readers take the first of a key, others the last.
    [[nodiscard]] bool is_error() const;

    [[nodiscard]] const std::string& line() const { return line_; }

 private:
    struct Member {
        std::size_t key_begin, key_end;  // of the key in line_, with its quotes
        std::size_t begin, end;          // of the value
        bool escaped_key;

        void move(std::size_t distance) {  // modulo 2^64: may go back
            for (auto* place : {&key_begin, &key_end, &begin, &end}) *place += distance;
        }
    };

    [[nodiscard]] std::size_t behind_value(const std::uint32_t* tokens, std::size_t index) const;
    [[nodiscard]] std::size_t end_before(std::size_t place) const;
    void scan_members();
    void splice(const Member* found, std::string_view key, std::string_view json);
    void remove_after(std::size_t place, std::string_view key);
    void set_once(std::string_view key, std::string_view json);
    [[nodiscard]] std::string_view view(std::size_t begin, std::size_t end) const {
        return {line_.data() + begin, end - begin};
    }
    [[nodiscard]] bool has_key(const Member& member, std::string_view key) const {
        return member.escaped_key ? has_escaped_key(member, key)
                                  : view(member.key_begin + 1, member.key_end - 1) == key;
    }
    [[nodiscard]] bool has_escaped_key(const Member& member, std::string_view key) const;
    [[nodiscard]] const Member* first(std::string_view key) const;
    [[nodiscard]] const Member* find(std::string_view key) const;  // throws if it appears twice

    std::string line_;
    std::vector<Member> members_;
};

/// A record of the error alone.
[[nodiscard]] Record error_record(const Error& error);

/// The error in an error record.
[[nodiscard]] Error error_of(const Record& record);

/// The record written in place of a line that is not a record:
/// {"status":"error","error_kind":"bad-record","error":...,"line":N}. The error quotes how the line
/// begins. line_number counts from 1.
[[nodiscard]] std::string bad_line_record(const Error& error, std::string_view line,
                                          std::int64_t line_number);

}  // namespace patchpipe
