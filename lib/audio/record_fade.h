// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The shape of a fade that a record wants. Not here: the shapes themselves (fade.h).
#pragma once

#include <string_view>

#include "record/record.h"

namespace patchpipe {

/// The shape, 0 to 7, that the field names or numbers, as in "smooth", "5" and 5. key is that of
/// one end, such as fade_in_shape; without it fade_shape counts. Throws Error bad-record for
/// another text or number.
[[nodiscard]] int record_fade_shape(const Record& record, std::string_view key);

/// The record's fade_curve, or without one that of a new fade of that shape. Throws Error
/// bad-record unless it is -1 to 1.
[[nodiscard]] double record_fade_curve(const Record& record, int shape);

}  // namespace patchpipe
