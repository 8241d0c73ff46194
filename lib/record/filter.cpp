// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "record/filter.h"

#include <unistd.h>

#include "record/record_loop.h"
#include "record/record_stream.h"

namespace patchpipe {

void RecordWriter::write(const Record& record) {
    failed_ = failed_ || record.is_error();
    lines_.write(record.line());
}

ExitStatus RecordWriter::status() const {
    return failed_ ? ExitStatus::some_failed : ExitStatus::ok;
}

ExitStatus filter(const RecordFilter& change) {
    refuse_terminal_input("records");
    RecordWriter writer(STDOUT_FILENO);
    LineReader reader(STDIN_FILENO, writer.lines());
    RecordLoop loop([&](Record& record) { change(record, writer); },
                    [&](const Record& record) { writer.write(record); });
    while (const auto line = reader.next()) loop.take(*line, reader.cut());
    writer.flush();
    return writer.status();
}

}  // namespace patchpipe
