// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Finds fields that are most likely misspelt: a field that no tool knows is the user's own, but one
// that is almost called like a setting was hardly meant to be.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "record/record.h"

namespace patchpipe {

class FieldSpelling {
 public:
    /// strict: check() refuses what it would otherwise call warn for, with a message.
    FieldSpelling(bool strict, std::function<void(std::string_view)> warn);

    /// Calls warn once for each name. Throws Error bad-record if strict. Records with a type, as
    /// those of songs, have fields of their own.
    void check(const Record& record);

 private:
    [[nodiscard]] const std::optional<std::string>& meant_by(const std::string& key);

    bool strict_;
    std::function<void(std::string_view)> warn_;
    std::vector<std::string> known_;
    std::unordered_map<std::string, std::optional<std::string>> meant_;  // by the names so far
};

}  // namespace patchpipe
