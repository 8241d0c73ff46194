// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "audio/fourier.h"

#include <cmath>
#include <numbers>
#include <utility>

namespace patchpipe {

Fourier::Fourier(std::size_t size)
    : size_(size), cosines_(size / 2), sines_(size / 2), reversed_(size) {
    for (std::size_t i = 0; i < size / 2; ++i) {
        const double angle =
            2 * std::numbers::pi * static_cast<double>(i) / static_cast<double>(size);
        cosines_[i] = std::cos(angle);
        sines_[i] = -std::sin(angle);
    }
    for (std::size_t i = 1; i < size; ++i)
        reversed_[i] = reversed_[i / 2] / 2 + (i % 2 == 1 ? size / 2 : 0);
}

void Fourier::reorder(double* real, double* imaginary) const {
    for (std::size_t i = 0; i < size_; ++i) {
        const auto j = reversed_[i];
        if (i >= j) continue;
        std::swap(real[i], real[j]);
        std::swap(imaginary[i], imaginary[j]);
    }
}

// Cooley and Tukey's algorithm with radix 2.
void Fourier::transform(double* real, double* imaginary) const {
    reorder(real, imaginary);
    for (std::size_t half = 1; half < size_; half *= 2) {
        const std::size_t step = size_ / (2 * half);
        for (std::size_t begin = 0; begin < size_; begin += 2 * half) {
            for (std::size_t i = 0; i < half; ++i) {
                const std::size_t a = begin + i, b = a + half;
                const double cosine = cosines_[i * step], sine = sines_[i * step];
                const double re = real[b] * cosine - imaginary[b] * sine;
                const double im = real[b] * sine + imaginary[b] * cosine;
                real[b] = real[a] - re;
                imaginary[b] = imaginary[a] - im;
                real[a] += re;
                imaginary[a] += im;
            }
        }
    }
}

std::size_t power_of_two_from(std::size_t number) {
    std::size_t power = 1;
    while (power < number) power *= 2;
    return power;
}

}  // namespace patchpipe
