// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The constructors and predicates of libfaust's box and signal interfaces, as a table.
#pragma once

#include <optional>
#include <string_view>
#include <variant>
#include <vector>

#include "faust/library.h"

namespace patchpipe {

enum class ExpressionApi { box, signal };

/// Where a constructor's arguments come from: each call takes the next one, of that type.
class NodeArguments {
 public:
    virtual ~NodeArguments() = default;
    [[nodiscard]] virtual Box expression() = 0;  ///< a box or a signal: the library has one type
    [[nodiscard]] virtual int whole() = 0;
    [[nodiscard]] virtual double number() = 0;
    [[nodiscard]] virtual const char* text() = 0;  ///< valid until the constructor has returned
    [[nodiscard]] virtual SType type() = 0;
    [[nodiscard]] virtual SOperator binary_operator() = 0;
    [[nodiscard]] virtual Box* constants() = 0;  ///< ends with a null; valid as text() is
};

struct Operation {
    std::string_view op;
    std::vector<std::string_view> arguments;  ///< the fields that they may stand in
    Box (*make)(NodeArguments&);
};

/// One after the other with the same op take different numbers of arguments.
[[nodiscard]] const std::vector<Operation>& operations(ExpressionApi api);

/// What a predicate finds in an expression of its kind.
using NodePart = std::variant<Box, int, double, const char*>;
using NodeParts = std::vector<NodePart>;

struct Predicate {
    std::string_view name;                 ///< as in the library, "isBoxSeq"
    std::optional<NodeParts> (*ask)(Box);  ///< nothing if it does not hold
};

[[nodiscard]] const std::vector<Predicate>& predicates(ExpressionApi api);

}  // namespace patchpipe
