// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Lists of whole numbers on a command line: "36-84:12,60" is 36 48 60 72 84.
#pragma once

#include <string_view>
#include <vector>

namespace patchpipe {

/// Parses numbers and ranges (first-last, first-last:step) separated by commas. Returns them in the
/// order given, each number once. what names the list in messages. Throws UsageError for anything
/// else, and for a number outside min..max. min must be 0 or more, because a leading minus sign is
/// always refused.
[[nodiscard]] std::vector<int> parse_number_list(std::string_view what, std::string_view text,
                                                 int min, int max);

}  // namespace patchpipe
