// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Options of a compiler, as a record and an option of a tool have them.
#pragma once

#include <string>
#include <vector>

#include "record/record.h"

namespace patchpipe {

/// Words between spaces, as on a command line without quotes.
[[nodiscard]] std::vector<std::string> words_of(const std::string& text);

/// The field compile_options, one word each; none if it is absent. Throws Error bad-record if it is
/// neither a text, which has spaces between words, nor a list of texts.
[[nodiscard]] std::vector<std::string> compile_options_of(const Record& record);

}  // namespace patchpipe
