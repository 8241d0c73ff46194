// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What every tool does with the lines and the operands that it is given, one after the other: each
// becomes a record, and a failure costs that record only.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "record/record.h"

namespace patchpipe {

/// Handles a record, and writes what comes of it or leaves that to its caller. An Error that it
/// throws turns the record into an error record.
using HandleRecord = std::function<void(Record&)>;
using WriteRecord = std::function<void(const Record&)>;

/// Turns lines into records for a handler, which writes what comes of them. What the handler does
/// not get is written here: records that failed in it, error records of earlier tools, untouched,
/// and for lines that are not records an error in their place. Blank lines are dropped.
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

/// Makes a record of each operand, which becomes its field `key`, hands it to handle, and then
/// writes it. An operand that is not UTF-8 cannot be in a record: warn is told of it, in words that
/// call it a `noun`, and the others go on. Returns false if there was one.
[[nodiscard]] bool take_operands(const std::vector<std::string>& operands, std::string_view key,
                                 std::string_view noun, const HandleRecord& handle,
                                 const WriteRecord& write,
                                 const std::function<void(const std::string&)>& warn);

}  // namespace patchpipe
