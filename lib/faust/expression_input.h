// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Expressions (expressions.h) as what is built, and as records that say what they are. Runs in the
// compiler's process (compiler.h).
#pragma once

#include <memory>
#include <vector>

#include "faust/build_input.h"
#include "record/record.h"

namespace patchpipe {

[[nodiscard]] std::unique_ptr<BuildInput> make_expression_input(BuildSource source);

/// What each node is, and at the end what the program is: patchpipe-faust(5) has the fields. Of a
/// program in text only the last. Throws as read_expressions() does.
[[nodiscard]] std::vector<Record> explain_expressions(const BuildSource& source);

}  // namespace patchpipe
