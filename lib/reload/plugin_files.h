// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The files of a plug-in while they are written anew, for follow().
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "plugin/source.h"
#include "watch/follow.h"

namespace patchpipe {

class PluginFiles : public Followed {
 public:
    /// What find_source() takes. Throws what it throws.
    explicit PluginFiles(std::string plugin_path);

    [[nodiscard]] std::string hash() override;
    /// Those that it had when it could be understood last.
    [[nodiscard]] std::vector<std::string> files() const override { return source_.files; }

 private:
    std::string plugin_path_;
    Source source_;
    std::optional<SourceState> state_;  // before they were read
    std::string hash_;
};

}  // namespace patchpipe
