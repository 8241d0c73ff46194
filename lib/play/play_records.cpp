// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "play/play_records.h"

namespace patchpipe {

void PlayRecords::write(const Record& record) {
    if (record.is_error()) status_ = ExitStatus::some_failed;
    if (gone_) return;
    try {
        out_.write(record.line());
        out_.flush();
    } catch (const ReaderGone&) {
        gone_ = true;
    }
}

void PlayRecords::write_error(const Error& error, std::int64_t line) {
    Record record("{\"event\":\"error\"}");
    if (line > 0) record.set("line", line);
    record.set_error(error);
    write(record);
}

}  // namespace patchpipe
