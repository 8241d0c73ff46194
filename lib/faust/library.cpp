// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "faust/library.h"

#include <dlfcn.h>

#include "base/error.h"

namespace patchpipe {
namespace {

// Of the headers' version: the number changes when functions change.
constexpr auto file_name = "libfaust.so.2";

void* loaded_library() {
    static void* const library = dlopen(file_name, RTLD_LAZY | RTLD_LOCAL);
    if (!library)
        throw Error(
            ErrorKind::plugin_load, file_name,
            std::string("cannot be loaded (") + dlerror() + "); install the package libfaust2");
    return library;
}

}  // namespace

void* faust_symbol(const std::string& name) { return dlsym(loaded_library(), name.c_str()); }

void* needed_faust_symbol(const std::string& name) {
    void* const function = faust_symbol(name);
    if (!function)
        throw Error(ErrorKind::plugin_load, file_name,
                    "has no function " + name + "; install version 2.54.9 or later of it");
    return function;
}

}  // namespace patchpipe
