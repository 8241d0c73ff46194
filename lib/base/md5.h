// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// MD5, which Serum puts into its files. It does not protect against deliberate changes.
#pragma once

#include <string>
#include <string_view>

namespace patchpipe {

/// 32 lower-case hexadecimal digits.
[[nodiscard]] std::string md5_hex(std::string_view bytes);

}  // namespace patchpipe
