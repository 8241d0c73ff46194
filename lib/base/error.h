// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What can go wrong, and the exit status it becomes. Not here: how it is printed (cli/tool.h) or
// put into a record (record.h).
#pragma once

#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace patchpipe {

/// The exit statuses of every tool. xargs, timeout and the shell use 124-127 and 255 themselves.
enum class ExitStatus {
    ok = 0,
    some_failed = 1,   ///< some records failed, or the one input is corrupt
    usage = 2,         ///< wrong usage, or nothing can be done; reported before any work starts
    cannot_go_on = 3,  ///< standard output not writable, internal error
};

/// The values of a record's error_kind.
enum class ErrorKind {
    bad_record,
    not_found,
    unsupported,
    corrupt,
    wrong_plugin,
    plugin_load,
    preset_rejected,
    crash,
    timeout,
    non_finite,
    io,
};

/// The word used in a record: "bad-record", "not-found" and so on.
[[nodiscard]] std::string_view to_string(ErrorKind kind);

/// Returns the kind with that name; io if the name is unknown.
[[nodiscard]] ErrorKind kind_named(std::string_view name);

/// Where in a text the mistake is, if a compiler or a parser says so.
struct ErrorPlace {
    std::string path;  ///< of the text
    int line = 0;      ///< counted from 1; 0 if it is not known
    int column = 0;    ///< in characters, counted from 1; 0 if it is not known
};

/// Ends the current record. what() is the sentence for people: "subject: message", both made
/// printable. The message says what is wrong and what to do.
class Error : public std::runtime_error {
 public:
    Error(ErrorKind kind, std::string_view subject, std::string_view message,
          const std::optional<ErrorPlace>& place = {});
    [[nodiscard]] ErrorKind kind() const { return kind_; }
    /// Nothing but for a text that was refused.
    [[nodiscard]] const std::optional<ErrorPlace>& place() const { return place_; }

 private:
    ErrorKind kind_;
    std::optional<ErrorPlace> place_;
};

/// Throws Error corrupt or unsupported: the file of that name is damaged, or cannot be used here.
[[noreturn]] void refuse_corrupt(std::string_view subject, std::string_view message);
[[noreturn]] void refuse_unsupported(std::string_view subject, std::string_view message);

/// Ends the program before any work: wrong usage, or operands that cannot be used. Exit status 2.
class UsageError : public std::runtime_error {
 public:
    using std::runtime_error::runtime_error;
};

/// The errno of a failed system call as words ("No space left on device").
[[nodiscard]] std::string system_message(int error_number);

}  // namespace patchpipe
