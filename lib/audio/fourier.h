// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The discrete Fourier transform of lengths that are powers of two, in double precision.
#pragma once

#include <cstddef>
#include <vector>

namespace patchpipe {

class Fourier {
 public:
    /// size must be a power of two, 2 or more.
    explicit Fourier(std::size_t size);

    /// Replaces real and imaginary, size() numbers each, by the sum over n of
    /// x[n] e^(-2 pi i k n / size()), for each k.
    void transform(double* real, double* imaginary) const;

    [[nodiscard]] std::size_t size() const { return size_; }

 private:
    void reorder(double* real, double* imaginary) const;
    void combine(double* real, double* imaginary, std::size_t half) const;
    void transform_part(double* real, double* imaginary, std::size_t size) const;

    std::size_t size_;
    // For each power of two h, from index h on: a half turn in h steps.
    std::vector<double> cosines_, sines_;
    std::vector<std::size_t> reversed_;  // the numbers with their bits in the reverse order
};

/// The least power of two that is not below the number.
[[nodiscard]] std::size_t power_of_two_from(std::size_t number);

}  // namespace patchpipe
