// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "audio/fourier.h"

#include <cmath>
#include <numbers>
#include <utility>

namespace patchpipe {

Fourier::Fourier(std::size_t size) : size_(size), cosines_(size), sines_(size), reversed_(size) {
    const auto largest = size / 2;
    for (std::size_t i = 0; i < largest; ++i) {
        const double angle =
            2 * std::numbers::pi * static_cast<double>(i) / static_cast<double>(size);
        cosines_[largest + i] = std::cos(angle);
        sines_[largest + i] = -std::sin(angle);
    }
    // Those of half as many steps are every second one.
    for (std::size_t place = largest; place-- > 1;) {
        cosines_[place] = cosines_[2 * place];
        sines_[place] = sines_[2 * place];
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

// From the transforms of two halves, one behind the other, to that of all.
void Fourier::combine(double* real, double* imaginary, std::size_t half) const {
    for (std::size_t a = 0; a < half; ++a) {
        const std::size_t b = a + half;
        const double cosine = cosines_[half + a], sine = sines_[half + a];
        const double re = real[b] * cosine - imaginary[b] * sine;
        const double im = real[b] * sine + imaginary[b] * cosine;
        real[b] = real[a] - re;
        imaginary[b] = imaginary[a] - im;
        real[a] += re;
        imaginary[a] += im;
    }
}

// Of numbers in the reversed order. What does not fit into a processor's cache is done half by
// half: passes over all of it would wait for memory.
void Fourier::transform_part(double* real, double* imaginary, std::size_t size) const {
    constexpr std::size_t most_at_once = 4096;
    if (size <= most_at_once) {
        for (std::size_t half = 1; half < size; half *= 2)
            for (std::size_t begin = 0; begin < size; begin += 2 * half)
                combine(real + begin, imaginary + begin, half);
        return;
    }
    const auto half = size / 2;
    transform_part(real, imaginary, half);
    transform_part(real + half, imaginary + half, half);
    combine(real, imaginary, half);
}

// Cooley and Tukey's algorithm with radix 2.
void Fourier::transform(double* real, double* imaginary) const {
    reorder(real, imaginary);
    transform_part(real, imaginary, size_);
}

std::size_t power_of_two_from(std::size_t number) {
    std::size_t power = 1;
    while (power < number) power *= 2;
    return power;
}

}  // namespace patchpipe
