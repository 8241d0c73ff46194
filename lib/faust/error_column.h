// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The column of a mistake in a Faust program. The compiler says the line and names what it did not
// expect there, "unexpected ENDDEF", or did not know, "undefined symbol : foo": where the line has
// that once, it is there. Of a file that cannot be opened it says the name alone.
#pragma once

#include <string_view>

namespace patchpipe {

/// Counted in characters from 1; 0 if the words name nothing that can be found, or if the line has
/// it more than once. `line` counts from 1.
[[nodiscard]] int error_column(std::string_view text, int line, std::string_view words);

/// Both counted from 1; 0 if not known.
struct LineAndColumn {
    int line = 0, column = 0;
};

/// Where the text has the name of a file that the words say cannot be opened, in quotes; not known
/// if it has that more than once, or the words are about something else.
[[nodiscard]] LineAndColumn place_of_missing_file(std::string_view text, std::string_view words);

}  // namespace patchpipe
