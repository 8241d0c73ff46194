// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "file/content_hash.h"

#include <xxhash.h>
#include <new>

#include "base/hex.h"
#include "file/read_file.h"

namespace patchpipe {

namespace {

std::string in_text(XXH128_hash_t hash) {
    return "xxh128:" + to_hex(hash.high64, 16) + to_hex(hash.low64, 16);
}

}  // namespace

std::string content_hash(std::string_view bytes) {
    return in_text(XXH3_128bits(bytes.data(), bytes.size()));
}

void ContentHash::FreeState::operator()(XXH3_state_s* state) const { XXH3_freeState(state); }

ContentHash::ContentHash() : state_(XXH3_createState()) {
    if (!state_ || XXH3_128bits_reset(state_.get()) != XXH_OK) throw std::bad_alloc();
}

void ContentHash::add(std::string_view piece) {
    XXH3_128bits_update(state_.get(), piece.data(), piece.size());
}

std::string ContentHash::text() const { return in_text(XXH3_128bits_digest(state_.get())); }

std::string file_hash(const std::string& path, std::size_t largest) {
    ContentHash hash;
    // Read, not mapped: SIGBUS would end the process if a mapped file were truncated meanwhile.
    read_file_in_pieces(path, largest, [&](std::string_view piece) { hash.add(piece); });
    return hash.text();
}

}  // namespace patchpipe
