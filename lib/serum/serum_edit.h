// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Fields that a document of Serum 2 has in two places: in the metadata, which Serum's browser
// shows, and in the data, which Serum loads.
#pragma once

#include <string>
#include <string_view>

#include "serum/serum_document.h"

namespace patchpipe {

/// The field that is computed, so that it cannot be set and cannot contradict anything.
inline constexpr std::string_view computed_serum_field = "hash";

/// Sets a field of the metadata, and of the data if it is there too. The value is a text; of a
/// field that holds something else it is JSON of the same type. name stands in messages. Throws
/// Error bad-record if it is not.
void set_serum_metadata(SerumDocument& document, std::string_view key, std::string_view value,
                        std::string_view name);

/// Throws Error bad-record, with the fields, if metadata and data have different values of one. The
/// hash does not count.
void check_serum_agreement(const SerumDocument& document, std::string_view name);

}  // namespace patchpipe
