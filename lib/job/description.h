// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The lists in what describe.h says of a plug-in, read again.
#pragma once

#include <string_view>
#include <vector>

#include "record/record.h"
#include "render/patch.h"

namespace patchpipe {

/// Returns the records in the list under that key, or an empty vector without such a list.
[[nodiscard]] std::vector<Record> records_in(const Record& description, std::string_view key);

/// Its parameters, in their order.
[[nodiscard]] std::vector<ParameterName> parameters_in(const Record& description);

}  // namespace patchpipe
