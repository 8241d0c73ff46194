// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The loop of every filter: records from standard input, one after the other, to standard output.
#pragma once

#include <functional>
#include <string_view>

#include "base/error.h"
#include "record/record.h"
#include "record/stream.h"

namespace patchpipe {

/// Writes records and remembers whether one of them was an error.
class RecordWriter {
 public:
    explicit RecordWriter(int fd) : lines_(fd) {}

    void write(const Record& record);
    void flush() { lines_.flush(); }
    [[nodiscard]] LineWriter& lines() { return lines_; }
    /// ok, or some_failed if an error record was written.
    [[nodiscard]] ExitStatus status() const;

 private:
    LineWriter lines_;
    bool failed_ = false;
};

/// What a filter does with one record: it writes any number of records, or none. An Error that it
/// throws turns the record into an error record, which is written in its place.
using RecordFilter = std::function<void(Record&, RecordWriter&)>;

/// Runs the records of standard input through the filter. Lines that are not a JSON object become
/// error records, error records pass untouched, blank lines are dropped. Throws as
/// refuse_terminal_input() does.
[[nodiscard]] ExitStatus filter(const RecordFilter& change);

}  // namespace patchpipe
