// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Settings of the C library, which it reads when a process starts.
#pragma once

#include <string_view>

namespace patchpipe {

/// Adds settings, "glibc.malloc.hugetlb=1:glibc.cpu.hwcaps=-FMA", to those of programs that this
/// process becomes or starts, in GLIBC_TUNABLES. The user's own come after them, and so win.
void add_tunables(std::string_view settings);

/// With these, sin(), exp() and the like have the same bits on every x86-64 processor. The library
/// has a second kind of them, which fuse multiplications and additions where the processor can.
inline constexpr std::string_view same_mathematics = "glibc.cpu.hwcaps=-FMA,-FMA4";

}  // namespace patchpipe
