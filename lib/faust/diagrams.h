// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Names for the block diagrams that the compiler writes. It writes one file for each expression
// that has a name, and puts the expression's address in memory into the file's name.
#pragma once

#include <string>

namespace patchpipe {

/// Moves the diagrams that can be reached from from/process.svg into the folder to, under names
/// that depend on the program alone: process.svg, then NAME.svg, NAME-2.svg and so on, in the order
/// in which the links lead to them. Links in the files follow. Throws Error io.
void take_diagrams(const std::string& from, const std::string& to);

}  // namespace patchpipe
