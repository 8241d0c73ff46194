// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A Faust program as a Processor.
#pragma once

#include <memory>

#include "plugin/opener.h"

namespace patchpipe {

inline constexpr std::string_view faust_kind = "Faust";

/// As Opener::open(), for a source of this kind.
[[nodiscard]] std::unique_ptr<Processor> open_faust(const Source& source,
                                                    const BlockSettings& settings);

}  // namespace patchpipe
