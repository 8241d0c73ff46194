// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Sets and compares fields that a Serum 2 document has twice: in the metadata, which Serum's
// browser shows, and in the data, which Serum loads.
#pragma once

#include <string>
#include <string_view>

#include "serum/serum_document.h"

namespace patchpipe {

/// This field is computed, so it cannot be set and is not compared.
inline constexpr std::string_view computed_serum_field = "hash";

/// Sets a field of the metadata, and of the data if the data has it. The value is a text; for a
/// field that holds another type it must be JSON of that type, else Error bad-record is thrown.
/// name is for messages.
void set_serum_metadata(SerumDocument& document, std::string_view key, std::string_view value,
                        std::string_view name);

/// Throws Error bad-record, naming the fields, if metadata and data have different values for one.
/// The hash is not compared.
void check_serum_agreement(const SerumDocument& document, std::string_view name);

}  // namespace patchpipe
