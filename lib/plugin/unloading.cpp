// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plugin/unloading.h"

#include <cstddef>

namespace patchpipe {
namespace {

bool registers_thread_destructors(std::string_view symbol) {
    return symbol == "__cxa_thread_atexit" || symbol == "__cxa_thread_atexit_impl";
}

}  // namespace

std::vector<std::string> reasons_to_stay(const ElfLibrary& library) {
    std::vector<std::string> reasons;
    if (library.is_permanent())
        reasons.emplace_back("it is marked to stay loaded; link it without -z nodelete");
    std::string unique;
    std::size_t more = 0;
    bool has_thread_destructors = false;
    for (const auto& symbol : library.symbols()) {
        if (!symbol.is_defined && registers_thread_destructors(symbol.name))
            has_thread_destructors = true;
        if (!symbol.is_defined || !symbol.is_unique) continue;
        if (unique.empty())
            unique = symbol.name;
        else
            ++more;
    }
    if (!unique.empty())
        reasons.push_back("its symbol " + unique +
                          (more > 0 ? " and " + std::to_string(more) + " more are" : " is") +
                          " unique in the process (STB_GNU_UNIQUE); compile with -fno-gnu-unique");
    if (has_thread_destructors)
        reasons.emplace_back(
            "it can register destructors of thread-local objects (__cxa_thread_atexit), which keep "
            "it "
            "until the threads that used them end; make such objects members of the instance");
    return reasons;
}

}  // namespace patchpipe
