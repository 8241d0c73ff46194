// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Data files that are installed with the tools.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace patchpipe {

/// The path of the file with that name in share/patchpipe, beside the folder that this program is
/// in; nothing if it is not there.
[[nodiscard]] std::optional<std::string> installed_file(std::string_view name);

}  // namespace patchpipe
