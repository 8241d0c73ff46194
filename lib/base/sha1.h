// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// SHA-1, by which the Faust compiler names programs.
#pragma once

#include <string>
#include <string_view>

namespace patchpipe {

/// 40 hexadecimal digits in lower case.
[[nodiscard]] std::string sha1_hex(std::string_view bytes);

}  // namespace patchpipe
