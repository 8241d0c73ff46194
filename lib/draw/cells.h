// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where cells are: a picture for each of several things, side by side.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "draw/canvas.h"

namespace patchpipe {

/// The boxes of so many cells, row after row, with edges at whole pixels. Without columns there are
/// as many as make cells nearest to that shape, its width by its height; the cells of a last row
/// that is not full are in its middle.
[[nodiscard]] std::vector<Box> make_cells(std::size_t count, const Box& all,
                                          std::optional<std::int64_t> columns, double shape);

}  // namespace patchpipe
