// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which of many names a user may have meant.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace patchpipe {

/// The names that are most like the wanted one, the most alike first, at most `most`, without
/// duplicates: those that contain it or begin with it, then by Levenshtein's distance. Letter case
/// does not matter; names that are mostly different are left out.
[[nodiscard]] std::vector<std::string> closest(const std::vector<std::string>& names,
                                               std::string_view wanted, std::size_t most = 3);

/// The name that a misspelt one was most likely to be: the same but for letter case, underscores
/// and hyphens, or for a character that is wrong, or two in a name of 8 or more. Nothing for one of
/// the names, and for what is like none.
[[nodiscard]] std::optional<std::string> misspelt(const std::vector<std::string>& names,
                                                  std::string_view written);

/// For the end of a message about a name that is unknown: "; the closest are 'A', 'B' and 'C'", or
/// nothing.
[[nodiscard]] std::string closest_words(const std::vector<std::string>& names,
                                        std::string_view wanted);

}  // namespace patchpipe
