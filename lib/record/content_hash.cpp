// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "record/content_hash.h"

#include <xxhash.h>
#include <array>
#include <cstdio>

namespace patchpipe {

std::string content_hash(std::string_view bytes) {
    const auto hash = XXH3_128bits(bytes.data(), bytes.size());
    std::array<char, 48> text{};
    std::snprintf(text.data(), text.size(), "xxh128:%016llx%016llx",
                  static_cast<unsigned long long>(hash.high64),
                  static_cast<unsigned long long>(hash.low64));
    return text.data();
}

}  // namespace patchpipe
