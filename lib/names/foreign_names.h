// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// File names as vst-render and serum-render make them, so that the files of a library that one of
// them has rendered are found again.
#pragma once

#include <cstddef>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include "names/name_template.h"
#include "record/record.h"

namespace patchpipe {

enum class ForeignNames { vst_render, serum_render };

/// The name without an extension. index is the record's number, from 0; it is used if no letter of
/// the preset's own name is left. Throws as NameTemplate::expand() does.
[[nodiscard]] std::string foreign_name(const NameTemplate& name, const Record& record,
                                       ForeignNames style, std::size_t index);

/// Makes paths unique with the suffixes that the program gives. Names that differ in letter case
/// are different names, as in both programs.
class ForeignPaths {
 public:
    explicit ForeignPaths(ForeignNames style) : style_(style) {}

    /// The path, without an extension, or the path with a suffix if it was claimed before.
    [[nodiscard]] std::string claim(const std::string& path);

 private:
    std::string counted(const std::string& path);
    std::string first_free(const std::string& path);

    ForeignNames style_;
    std::unordered_map<std::string, std::size_t> count_;  // suffixes given to a path so far
    std::unordered_set<std::string> taken_;
};

}  // namespace patchpipe
