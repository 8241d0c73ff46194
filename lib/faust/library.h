// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The functions of libfaust, which is loaded when one of them is first needed: with LLVM behind it,
// a hundred megabytes, it would otherwise slow down every start of a tool that opens plug-ins. What
// they do is in the headers that come with the library, <faust/dsp/*-c.h>.
#pragma once

#include <string>

// The headers of the C interface do not include what they use.
#include <cstring>

#include <faust/dsp/interpreter-dsp-c.h>
#include <faust/dsp/libfaust-box-c.h>
#include <faust/dsp/libfaust-c.h>
#include <faust/dsp/libfaust-signal-c.h>
#include <faust/dsp/llvm-dsp-c.h>

namespace patchpipe {

/// The address of one of its functions; null if the installed version has none of that name. Loads
/// the library. Throws Error plugin-load, with the package to install, if it is not installed.
[[nodiscard]] void* faust_symbol(const std::string& name);

/// The same for a function without which nothing works. Throws Error plugin-load if it is not
/// there.
[[nodiscard]] void* needed_faust_symbol(const std::string& name);

}  // namespace patchpipe

/// Calls the function of libfaust of that name: FAUST(getCLibFaustVersion)(). The compiler checks
/// the arguments against the library's own header.
#define FAUST(name)                                                         \
    ([]() -> decltype(&name) {                                              \
        static const auto function = patchpipe::needed_faust_symbol(#name); \
        return reinterpret_cast<decltype(&name)>(function);                 \
    }())
