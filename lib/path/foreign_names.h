// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// File names as vst-render and serum-render give them, so that a library which one of them has
// rendered is found again. Not here: that no two are the same (unique_paths.h).
#pragma once

#include <cstddef>
#include <string>

#include "path/name_template.h"
#include "record/record.h"

namespace patchpipe {

enum class ForeignNames { vst_render, serum_render };

/// The name without an extension. index counts the records from 0: it stands in the name of a
/// preset of which no letter is left. Throws as NameTemplate::expand() does.
[[nodiscard]] std::string foreign_name(const NameTemplate& name, const Record& record,
                                       ForeignNames style, std::size_t index);

}  // namespace patchpipe
