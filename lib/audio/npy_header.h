// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The header of a NumPy array file, version 1.0 (numpy.lib.format documents it): magic, version, a
// 16-bit length, then a Python dictionary padded with spaces and ended by a newline.
#pragma once

#include <cstdint>
#include <string>

namespace patchpipe {

/// For little-endian float32 samples that follow frame by frame. In the array's order of indices,
/// (channels, frames), the first one then runs fastest, which NumPy calls Fortran order.
[[nodiscard]] std::string npy_header(int channels, std::int64_t frames);

}  // namespace patchpipe
