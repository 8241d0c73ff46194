// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Lets a function that replaces one of the C library call the original.
#pragma once

#include <dlfcn.h>
#include <algorithm>
#include <cstddef>

namespace patchpipe {

/// A function's name as a template argument.
template <std::size_t size>
struct FunctionName {
    char text[size];
    consteval FunctionName(const char (&name)[size]) { std::copy_n(name, size, text); }
};

/// The function of this name that comes after ours in the symbol look-up. All are looked up when
/// the program starts, because later could be a deadlock: dlsym() waits while a plug-in is being
/// loaded, and a plug-in's constructor may wait for a thread that calls one of our functions.
template <FunctionName name, typename Function>
class Next {
 public:
    [[nodiscard]] static Function* function() {
        // A library's constructor may call our function before our own initialisers have run.
        return function_ ? function_ : look_up();
    }

 private:
    static Function* look_up() { return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name.text)); }

    static inline Function* function_ = look_up();
};

/// Calls that function.
template <FunctionName name, typename Function, typename... Arguments>
auto next(Arguments... arguments) {
    return Next<name, Function>::function()(arguments...);
}

}  // namespace patchpipe
