// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Processes the lines or the operands of a tool, one after the other: each becomes a record, and a
// failure affects that record only.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "record/record.h"

namespace patchpipe {

/// Processes a record, and writes the result or leaves that to its caller. An Error that it throws
/// turns the record into an error record.
using HandleRecord = std::function<void(Record&)>;
using WriteRecord = std::function<void(const Record&)>;

/// Turns lines into records for a handler, which writes the results. Written here are records that
/// failed in the handler, error records of earlier tools, untouched, and an error for each line
/// that is not a record. Blank lines, and a byte order mark before a line, are dropped.
class RecordLoop {
 public:
    RecordLoop(HandleRecord handle, WriteRecord write)
        : handle_(std::move(handle)), write_(std::move(write)) {}

    /// cut: the line was longer than longest_line (stream.h). What write throws is thrown.
    void take(std::string_view line, bool cut);

 private:
    HandleRecord handle_;
    WriteRecord write_;
    std::int64_t line_number_ = 0;
};

/// Makes a record of each operand, with the operand in the field `key`, passes it to handle, and
/// then writes it. An operand that is not UTF-8 cannot be in a record: warn reports it as a `noun`,
/// and the others are processed. Returns false if there was one.
[[nodiscard]] bool take_operands(const std::vector<std::string>& operands, std::string_view key,
                                 std::string_view noun, const HandleRecord& handle,
                                 const WriteRecord& write,
                                 const std::function<void(const std::string&)>& warn);

}  // namespace patchpipe
