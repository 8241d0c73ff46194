// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What .fxp and .fxb files have in common.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/byte_order.h"

namespace patchpipe {

inline constexpr std::string_view fx_magic = "CcnK";

/// The number at that byte, as all of them are: big endian, of 32 bits.
inline std::uint32_t fx_number_at(std::string_view bytes, std::size_t at) {
    return read_big_endian<std::uint32_t>(bytes.substr(at));
}

}  // namespace patchpipe
