// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "audio/record_fade.h"

#include <string>

#include "audio/fade.h"
#include "base/error.h"
#include "base/json.h"
#include "base/words.h"
#include "record/settings.h"

namespace patchpipe {
namespace {

// A shape's number may be one in the record too.
std::string shape_text(const Record& record, std::string_view key) {
    const auto json = record.raw(key);
    const bool is_number = json && json->find_first_of("0123456789") == 0;
    return is_number ? json_number(*record.number(key)) : text_setting(record, key);
}

}  // namespace

int record_fade_shape(const Record& record, std::string_view key) {
    if (!record.raw(key)) key = "fade_shape";
    const auto text = shape_text(record, key);
    if (const auto shape = fade_named(text)) return *shape;
    throw Error(ErrorKind::bad_record, key,
                "must be " + joined(fade_names(), ", ", " or ") +
                    ", or REAPER's number for one, is '" + printable(text) + "'");
}

double record_fade_curve(const Record& record, int shape) {
    return record.raw("fade_curve") ? number_setting(record, "fade_curve")
                                    : default_curvature(shape);
}

}  // namespace patchpipe
