// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The options of every tool that opens plug-ins, for what they may do.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "cli/options.h"
#include "isolation/sandbox.h"

namespace patchpipe {

class SandboxOptions {
 public:
    /// Call it before line.parse(); this object must live until then.
    void declare(CommandLine& line);

    /// Only what they may read, for a tool that opens them in the sandbox anyway.
    void declare_reading(CommandLine& line);

    /// After line.parse(). home is writable, if there is one. What is hidden from a plug-in is not
    /// shown to it outside, so --hide-home includes "on". Throws UsageError for a folder or file
    /// that is missing, for "off" with --hide-home, and for "on" without sandbox_available().
    [[nodiscard]] SandboxSettings settings(const std::string& home) const;
    [[nodiscard]] std::optional<std::int64_t> max_memory() const { return max_memory_; }  ///< MiB

 private:
    std::string mode_ = "auto";
    std::vector<std::string> writable_, readable_;
    bool network_ = false, hide_home_ = false;
    std::optional<std::int64_t> max_memory_;
};

/// What the settings mean for one plug-in. One that the user does not name, in an operand or an
/// option for it, but a record, a preset or a song, never leaves the sandbox by itself: automatic
/// is on for it where there is a sandbox.
[[nodiscard]] SandboxSettings sandbox_for(SandboxSettings settings, bool named_by_user);

/// The error of a plug-in that did not open, with what to do if the sandbox may be the reason and
/// the plug-in was kept in it for the reason above.
[[nodiscard]] Error with_way_out(const Error& error);

/// The warning, once a run, if plug-ins are opened without a sandbox although it was not turned
/// off; empty otherwise.
[[nodiscard]] std::optional<std::string> missing_sandbox(const SandboxSettings& settings);

/// The warning for a plug-in that opens only outside.
[[nodiscard]] std::string outside_warning(std::string_view plugin);

}  // namespace patchpipe
