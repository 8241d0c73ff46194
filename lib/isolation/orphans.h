// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Processes that a plug-in starts and leaves behind. They must not outlive the job that they were
// started for: they hold memory and whatever else the plug-in gave them.
#pragma once

#include <sys/types.h>
#include <set>

namespace patchpipe {

class Orphans {
 public:
    /// From now on processes that descendants of this one leave behind become its children. The
    /// children that it has already are kept.
    Orphans();

    /// Keeps the present children from being ended: they belong to all requests.
    void keep_children() { kept_ = children(); }

    /// True if one of those that are kept is still running.
    [[nodiscard]] bool keeps_any() const;

    /// Ends every child of this process except those that were kept and those that a Child
    /// (child.h) watches.
    void end() const;

    /// Ends every child of this process, in a child of the tool that runs nothing but this.
    static void end_all();

 private:
    [[nodiscard]] static std::set<pid_t> children();

    std::set<pid_t> kept_;
};

}  // namespace patchpipe
