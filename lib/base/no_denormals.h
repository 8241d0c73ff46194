// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Numbers too small for the processor's fast path count as zero while one of these lives: filters
// that die away would take a hundred times as long over them.
#pragma once

#if defined(__SSE2__)
#include <immintrin.h>
#endif

namespace patchpipe {

class NoDenormals {
 public:
    NoDenormals(const NoDenormals&) = delete;
    NoDenormals& operator=(const NoDenormals&) = delete;

#if defined(__SSE2__)
    NoDenormals() : before_(_mm_getcsr()) { _mm_setcsr(before_ | flush_to_zero); }
    ~NoDenormals() { _mm_setcsr(before_); }

 private:
    static constexpr unsigned flush_to_zero = 0x8040;  // results, and operands
    unsigned before_;
#elif defined(__aarch64__)
    NoDenormals() {
        asm volatile("mrs %0, fpcr" : "=r"(before_));
        asm volatile("msr fpcr, %0" : : "r"(before_ | flush_to_zero));
    }
    ~NoDenormals() { asm volatile("msr fpcr, %0" : : "r"(before_)); }

 private:
    static constexpr unsigned long flush_to_zero = 1UL << 24;
    unsigned long before_ = 0;
#else
    NoDenormals() {}
    ~NoDenormals() {}
#endif
};

}  // namespace patchpipe
