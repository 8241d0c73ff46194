// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "song/rpp_reading.h"

#include "base/error.h"
#include "record/record.h"

namespace patchpipe {

void RppReading::raw(const RppLine& line, std::string_view parent) const {
    if (!options.only_known) write(raw_record(line.source, parent));
}

void RppReading::raw_block(const RppLine& line, std::string_view parent) {
    raw(line, parent);
    walk.pass([&](const RppLine& inner) { raw(inner, parent); });
}

void RppReading::complain(std::int64_t line, std::string_view message) const {
    auto record = error_record(Error(ErrorKind::corrupt, path,
                                     "line " + std::to_string(line) + " " + std::string(message)));
    record.set("line", line);
    write(record.line());
}

bool RppReading::split(RppFields& fields, const RppLine& line) const {
    if (fields.split(line.text())) return true;
    complain(line.source.number,
             "has a quote that is not closed, so REAPER skips the line; close it");
    return false;
}

void RppReading::put_time(RecordLine& record, double time) const {
    record.number("time", time).number("beat", tempo.beat_at(time));
}

void add_text_line(std::optional<std::string>& text, const RppLine& line) {
    const auto body = rpp_body(line.text());
    const auto bar = body.find('|');
    if (bar > 1 || (bar == 1 && std::string_view("nrRc").find(body[0]) == body.npos)) return;
    if (text && !(bar == 1 && body[0] == 'c')) *text += '\n';
    text = text.value_or("").append(body.substr(bar + 1));
}

}  // namespace patchpipe
