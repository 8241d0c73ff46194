// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "song/raw_lines.h"

#include "base/base64.h"
#include "base/error.h"
#include "base/utf8.h"
#include "record/record_line.h"

namespace patchpipe {

std::string raw_record(const SourceLine& line, std::string_view parent) {
    RecordLine record("raw");
    record.whole("line", line.number);
    if (!parent.empty()) record.text("parent", parent);
    if (is_utf8(line.text))
        record.text("text", line.text);
    else
        record.text("bytes", to_base64(line.text));
    if (parent.empty() && line.end != "\n") record.text("end", line.end);
    return std::string(record.line());
}

void write_raw_lines(LineSource& source, const WriteLine& write) {
    while (const auto line = source.next()) write(raw_record(*line, {}));
}

std::string raw_bytes(const Record& raw) {
    const auto text = raw.text("text"), coded = raw.text("bytes");
    if (text.has_value() == coded.has_value())
        throw Error(ErrorKind::bad_record, "raw",
                    "must have either text or bytes; give one of them");
    if (text) return *text;
    if (auto bytes = from_base64(*coded)) return std::move(*bytes);
    throw Error(ErrorKind::bad_record, "bytes", "is not base64; give the line as text");
}

std::string raw_end(const Record& raw) {
    auto end = raw.text("end").value_or("\n");
    if (end.empty() || end == "\n" || end == "\r\n" || end == "\r") return end;
    throw Error(ErrorKind::bad_record, "end",
                R"(must be "\n", "\r\n", "\r" or empty; leave it out for "\n")");
}

}  // namespace patchpipe
