// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "draw/cells.h"

#include <algorithm>
#include <cmath>

namespace patchpipe {
namespace {

std::size_t best_columns(std::size_t count, const Box& all, double shape) {
    std::size_t best = 1;
    double least = 0;
    for (std::size_t columns = 1; columns <= count; ++columns) {
        const auto rows = (count + columns - 1) / columns;
        const double width = all.width() / static_cast<double>(columns);
        const double height = all.height() / static_cast<double>(rows);
        const double empty =
            static_cast<double>(rows * columns - count) / static_cast<double>(count);
        const double miss = std::abs(std::log(width / height / shape)) + empty;
        if (columns > 1 && miss >= least) continue;
        least = miss;
        best = columns;
    }
    return best;
}

}  // namespace

std::vector<Box> make_cells(std::size_t count, const Box& all, std::optional<std::int64_t> columns,
                            double shape) {
    std::vector<Box> cells;
    if (count == 0) return cells;
    const auto across = columns ? std::min(count, static_cast<std::size_t>(*columns))
                                : best_columns(count, all, shape);
    const auto down = (count + across - 1) / across;
    const double width = all.width() / static_cast<double>(across);
    const double height = all.height() / static_cast<double>(down);
    for (std::size_t i = 0; i < count; ++i) {
        const auto row = i / across;
        const auto in_row = std::min(across, count - row * across);
        const double indent = static_cast<double>(across - in_row) * width / 2;
        const double left = all.left + indent + static_cast<double>(i % across) * width;
        const double top = all.top + static_cast<double>(row) * height;
        cells.push_back({std::round(left), std::round(top), std::round(left + width),
                         std::round(top + height)});
    }
    return cells;
}

}  // namespace patchpipe
