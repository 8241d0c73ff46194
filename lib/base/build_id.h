// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which build of a library is in this process: the linker's build id.
#pragma once

#include <string>
#include <string_view>

namespace patchpipe {

/// Hexadecimal digits; empty if it was linked without one, or if no such library is loaded. The
/// library is the first whose file name begins like that.
[[nodiscard]] std::string build_id(std::string_view library);

}  // namespace patchpipe
