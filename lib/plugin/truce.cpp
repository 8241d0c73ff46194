// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plugin/truce.h"

#include "base/error.h"

namespace patchpipe {

// Up to truce-loader 0.49 a library makes a trait object, which the loader tries out by
// truce_vtable_probe; later it exports each function by itself, and the canary was renamed.
std::optional<std::string_view> truce_generation(const ElfLibrary& library) {
    if (library.defines("truce_init_state") || library.defines("truce_abi_canary_v2"))
        return "the later generation, with a function for each task (truce_init_state)";
    if (library.defines("truce_create") || library.defines("truce_abi_canary"))
        return "the first generation, with a trait object (truce_create)";
    return {};
}

void refuse_truce(const std::string& path, std::string_view generation) {
    refuse_unsupported(
        path, "is a logic library for truce's own loader, of " + std::string(generation) +
                  ", whose layout is that of one Rust compiler; build the plug-in as VST3 or LV2, "
                  "or its code with patchpipe/logic.h");
}

}  // namespace patchpipe
