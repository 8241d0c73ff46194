// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "record/record_loop.h"

#include <new>

#include "base/utf8.h"
#include "base/words.h"
#include "record/stream.h"

namespace patchpipe {
namespace {

// True if the handler threw an Error, which the record then is.
bool fails(const HandleRecord& handle, Record& record) try {
    handle(record);
    return false;
} catch (const Error& error) {
    record.set_error(error);
    return true;
}

}  // namespace

void RecordLoop::take(std::string_view line, bool cut) {
    ++line_number_;
    // On any line: streams are put together from several files.
    line = without_byte_order_mark(line);
    if (line.find_first_not_of(" \t\r") == line.npos) return;
    const auto refuse = [&](std::string_view why) {
        const Error error(ErrorKind::bad_record, "", why);
        write_(Record(bad_line_record(error, line, line_number_)));
    };
    try {
        if (cut)
            return refuse("longer than " + std::to_string(longest_line >> 20) +
                          " MiB, the limit for one record");
        Record record(line);
        const auto handle = [&](Record& one) { one.is_error() ? write_(one) : handle_(one); };
        if (fails(handle, record)) write_(record);
    } catch (const Error& error) {
        write_(Record(bad_line_record(error, line, line_number_)));
    } catch (const std::bad_alloc&) {
        refuse("too large for the available memory");
    }
}

bool take_operands(const std::vector<std::string>& operands, std::string_view key,
                   std::string_view noun, const HandleRecord& handle, const WriteRecord& write,
                   const std::function<void(const std::string&)>& warn) {
    bool all = true;
    for (const auto& operand : operands) {
        if (!is_utf8(operand)) {
            warn(printable(operand) +
                 ": the name is not UTF-8, which a record requires; rename the " +
                 std::string(noun));
            all = false;
            continue;
        }
        Record record("{}");
        record.set(key, operand);
        (void)fails(handle, record);
        write(record);
    }
    return all;
}

}  // namespace patchpipe
