// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "record/filter.h"

#include <unistd.h>
#include <new>
#include <string>

namespace patchpipe {

void RecordWriter::write(const Record& record) {
    failed_ = failed_ || record.is_error();
    lines_.write(record.line());
}

void RecordWriter::write_error_line(const Error& error, std::string_view line,
                                    std::int64_t line_number) {
    failed_ = true;
    lines_.write(bad_line_record(error, line, line_number));
}

ExitStatus RecordWriter::status() const {
    return failed_ ? ExitStatus::some_failed : ExitStatus::ok;
}

namespace {

void process_line(std::string_view line, const Process& process, RecordWriter& writer) {
    Record record(line);
    try {
        if (!record.is_error()) return process(record, writer);
    } catch (const Error& error) {
        record.set_error(error);
    }
    writer.write(record);
}

}  // namespace

ExitStatus filter(const Process& process) {
    if (isatty(STDIN_FILENO))
        throw UsageError("reads records from standard input, which is a terminal; give it a pipe");
    RecordWriter writer(STDOUT_FILENO);
    LineReader reader(STDIN_FILENO, writer.lines());
    std::int64_t line_number = 0;
    while (const auto line = reader.next()) {
        ++line_number;
        if (line->find_first_not_of(" \t\r") == line->npos) continue;
        try {
            if (reader.cut())
                throw Error(ErrorKind::bad_record, "",
                            "longer than 64 MiB, the limit for one record");
            process_line(*line, process, writer);
        } catch (const Error& error) {
            writer.write_error_line(error, *line, line_number);
        } catch (const std::bad_alloc&) {
            const Error error(ErrorKind::bad_record, "", "too large for the available memory");
            writer.write_error_line(error, *line, line_number);
        }
    }
    writer.flush();
    return writer.status();
}

}  // namespace patchpipe
