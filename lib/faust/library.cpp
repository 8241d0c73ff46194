// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "faust/library.h"

#include <dlfcn.h>
#include <pthread.h>
#include <sys/resource.h>
#include <algorithm>
#include <string_view>

#include "base/error.h"

namespace patchpipe {
namespace {

// Of the headers' version: the number changes when functions change.
constexpr auto library_file = "libfaust.so.2";

void* loaded_library() {
    static void* const library = dlopen(library_file, RTLD_LAZY | RTLD_LOCAL);
    if (!library)
        throw Error(
            ErrorKind::plugin_load, library_file,
            std::string("cannot be loaded (") + dlerror() + "); install the package libfaust2");
    return library;
}

// What the compiler's thread is to have instead of 16 MiB, which programs of a few pages exhaust:
// it follows a definition through all that it is made of. Only what is used takes memory.
constexpr std::size_t compiler_stack = std::size_t{256} << 20;

bool is_in_library(const void* address) {
    Dl_info place{};
    return dladdr(address, &place) != 0 && place.dli_fname &&
           std::string_view(place.dli_fname).find(library_file) != std::string_view::npos;
}

// The whole stack counts where memory is limited, and libfaust aborts if it cannot have it.
std::size_t enlarged_stack(std::size_t bytes) {
    rlimit memory{};
    if (getrlimit(RLIMIT_DATA, &memory) != 0) return bytes;
    return std::max(bytes, std::min<std::size_t>(compiler_stack, memory.rlim_cur / 8));
}

}  // namespace

void* faust_symbol(const std::string& name) { return dlsym(loaded_library(), name.c_str()); }

void* needed_faust_symbol(const std::string& name) {
    void* const function = faust_symbol(name);
    if (!function)
        throw Error(ErrorKind::plugin_load, library_file,
                    "has no function " + name + "; install version 2.54.9 or later of it");
    return function;
}

}  // namespace patchpipe

// In the place of the C library's, because libfaust has no other way to ask for a larger stack.
// Calls of anything else pass unchanged.
extern "C" [[gnu::visibility("default")]] int pthread_attr_setstacksize(
    pthread_attr_t* attributes, std::size_t bytes) noexcept {
    static const auto original = reinterpret_cast<decltype(&pthread_attr_setstacksize)>(
        dlsym(RTLD_NEXT, "pthread_attr_setstacksize"));
    const bool compiles = patchpipe::is_in_library(__builtin_return_address(0));
    return original(attributes, compiles ? patchpipe::enlarged_stack(bytes) : bytes);
}
