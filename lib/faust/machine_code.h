// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The machine code of a program and of its effect as text, for the cache of compiled plug-ins
// (plugin/code_cache.h). It is for one kind of processor, which the text names.
#pragma once

#include <optional>
#include <string>

namespace patchpipe {

struct FaustCode {
    std::string program;                ///< an object file
    std::optional<std::string> effect;  ///< another; nothing if the program has no effect, or
                                        ///< plays no notes
};

[[nodiscard]] std::string faust_code_text(const FaustCode& code);

/// Nothing if the text is another processor's, or damaged.
[[nodiscard]] std::optional<FaustCode> read_faust_code(const std::string& text);

}  // namespace patchpipe
