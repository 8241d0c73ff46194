// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/sha1.h"

#include <sha1.h>
#include <array>

#include "base/hex.h"

namespace patchpipe {

std::string sha1_hex(std::string_view bytes) {
    SHA1_CTX context;
    SHA1Init(&context);
    SHA1Update(&context, reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
    std::array<std::uint8_t, SHA1_DIGEST_LENGTH> digest;
    SHA1Final(digest.data(), &context);
    return to_hex({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

}  // namespace patchpipe
