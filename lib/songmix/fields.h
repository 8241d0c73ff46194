// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Fields of a song's records that may be missing.
#pragma once

#include <string_view>

#include "record/record.h"

namespace patchpipe {

inline double number_in(const Record& record, std::string_view key, double missing) {
    return record.number(key).value_or(missing);
}

inline bool flag_in(const Record& record, std::string_view key) {
    return record.flag(key).value_or(false);
}

}  // namespace patchpipe
