// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Logic libraries for truce, a Rust framework, told by their symbols. We cannot run them: Rust's
// own types cross between them and their loader, and have another layout with every compiler.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "plugin/elf_file.h"

namespace patchpipe {

/// Which of truce's interfaces the library has, in words; nothing if it has none of them. Throws
/// std::out_of_range as ElfLibrary does.
[[nodiscard]] std::optional<std::string_view> truce_generation(const ElfLibrary& library);

/// Throws Error unsupported with the reason, and what to build instead.
[[noreturn]] void refuse_truce(const std::string& path, std::string_view generation);

}  // namespace patchpipe
