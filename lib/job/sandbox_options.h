// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The options of every tool that opens plug-ins, for what they may do.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/options.h"
#include "isolation/sandbox.h"

namespace patchpipe {

class SandboxOptions {
 public:
    /// Call it before line.parse(); this object must live until then.
    void declare(CommandLine& line);

    /// After line.parse(). Throws as sandbox_settings() does.
    [[nodiscard]] SandboxSettings settings(const std::string& home) const;
    [[nodiscard]] std::optional<std::int64_t> max_memory() const { return max_memory_; }  ///< MiB

 private:
    std::string mode_ = "auto";
    std::vector<std::string> writable_;
    bool network_ = false;
    std::optional<std::int64_t> max_memory_;
};

}  // namespace patchpipe
