// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "record/content_hash.h"

#include <xxhash.h>
#include <array>
#include <cstdio>
#include <memory>

#include "record/file.h"

namespace patchpipe {

namespace {

std::string in_text(XXH128_hash_t hash) {
    std::array<char, 48> text{};
    std::snprintf(text.data(), text.size(), "xxh128:%016llx%016llx",
                  static_cast<unsigned long long>(hash.high64),
                  static_cast<unsigned long long>(hash.low64));
    return text.data();
}

}  // namespace

std::string content_hash(std::string_view bytes) {
    return in_text(XXH3_128bits(bytes.data(), bytes.size()));
}

std::string file_hash(const std::string& path) {
    const std::unique_ptr<XXH3_state_t, decltype(&XXH3_freeState)> state(XXH3_createState(),
                                                                         XXH3_freeState);
    XXH3_128bits_reset(state.get());
    // Not mapped: a file that is cut meanwhile would end the process.
    read_file_in_pieces(path, [&](std::string_view piece) {
        XXH3_128bits_update(state.get(), piece.data(), piece.size());
    });
    return in_text(XXH3_128bits_digest(state.get()));
}

}  // namespace patchpipe
