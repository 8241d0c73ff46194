// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Tags as a container stores them. Only for lib/audio.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace patchpipe {

struct TagBytes {
    std::string bytes;                                ///< empty: there is nothing to store
    std::uint32_t count = 0;                          ///< of texts
    std::size_t comment_begin = 0, comment_size = 0;  ///< where the comment's text is in the bytes
};

}  // namespace patchpipe
