// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The options of the tools that load presets, for which plug-in plays which of them.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/options.h"
#include "job/renderer.h"

namespace patchpipe {

class PlayerOptions {
 public:
    /// Call it before line.parse(); this object must live until then.
    void declare(CommandLine& line);

    /// After line.parse(). Throws UsageError.
    void take_into(RendererSettings& settings);

 private:
    std::optional<std::string> serum1_, plugin_;
    std::map<std::string_view, std::optional<std::string>> players_;
    std::vector<std::string> uses_;
    std::string faust_backend_ = "llvm";
};

/// Looks for the plug-ins of the options, before the first job. Throws UsageError for one that is
/// missing, and for one of another kind than the option's presets are for.
void check_players(const RendererSettings& settings);

}  // namespace patchpipe
