// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A program as records, one for each node of an expression, and the library's expression of it.
// patchpipe-faust(5) describes the records. Runs in the compiler's process (compiler.h).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "faust/expression_table.h"

namespace patchpipe {

/// The compiler's stack ends some thousands of levels below.
inline constexpr int deepest_expression = 2000;

struct ExpressionNode {
    std::string id, op;
    Box expression = nullptr;
    int depth = 1;
    double size = 1;  ///< of its text, in nodes, if what is used twice is written twice
};

struct Expressions {
    ExpressionApi api = ExpressionApi::box;
    std::vector<ExpressionNode> nodes;
    /// Of boxes the program, one; of signals one for each output.
    std::vector<Box> program;
};

/// Builds the expressions of these lines of a program of that name, within the library's context,
/// which the first call makes. Throws Error bad-record, with the number of the line, for what is no
/// node; and plugin-load for text in the language that does not compile.
[[nodiscard]] Expressions read_expressions(const std::string& path, const std::string& name,
                                           std::string_view lines,
                                           const std::vector<std::string>& options);

/// The same of a program in the language, which has no nodes.
[[nodiscard]] Expressions read_text_expression(const std::string& path, const std::string& name,
                                               std::string_view text,
                                               const std::vector<std::string>& options);

/// The expression as the language has it. With shared, as definitions, and what is used twice is
/// written once. Throws std::exception for what the library cannot print.
[[nodiscard]] std::string print_expression(ExpressionApi api, Box expression, bool shared);

}  // namespace patchpipe
