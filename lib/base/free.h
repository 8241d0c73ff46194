// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// For std::unique_ptr over what a C library makes and a function of its own frees.
#pragma once

namespace patchpipe {

template <auto function>
struct Free {
    template <typename Pointer>
    void operator()(Pointer* pointer) const {
        function(pointer);
    }
};

}  // namespace patchpipe
