// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The errors in what a build printed: those of GCC, Clang, Faust and rustc, line by line.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"

namespace patchpipe {

class Diagnostics {
 public:
    /// The next line. Returns an error that is whole with it: plugin-load, with its place. Warnings
    /// and notes are none.
    [[nodiscard]] std::optional<Error> take(std::string_view line);

 private:
    std::string of_rustc_;  // whose place comes in the line after it
};

}  // namespace patchpipe
