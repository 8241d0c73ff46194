// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/md5.h"

#include <md5.h>
#include <array>

#include "base/hex.h"

namespace patchpipe {

std::string md5_hex(std::string_view bytes) {
    MD5_CTX context;
    MD5Init(&context);
    MD5Update(&context, reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
    std::array<std::uint8_t, MD5_DIGEST_LENGTH> digest;
    MD5Final(digest.data(), &context);
    return to_hex({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

}  // namespace patchpipe
