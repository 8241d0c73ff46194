// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a process has in common with the children that it forks: open files, with their contents,
// counters, timers and options, and shared memory. A child that changes it changes it for all that
// come later, and nothing can put it back.
#pragma once

#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "isolation/page_tracker.h"

namespace patchpipe {

class SharedFiles {
 public:
    /// Notes the present state of all descriptors, and of memory that children share, but for this.
    /// `own` are the caller's, of which only flags and options are noted, as of the standard ones.
    void take(std::span<const int> own, Range own_memory);

    /// True if something is not as it was, or there is more shared memory than can be looked at.
    /// Pipes and sockets are not looked at: each child gets its own of those that the process has
    /// with itself (base/inner_pipes.h), and others it does not have.
    [[nodiscard]] bool changed() const;

    /// The same in a child that is put back, but for what is put back, or looked at, there
    /// (process_state.h, address_space.h): positions, flags, what waits to be read, memory.
    [[nodiscard]] bool changed_for_good() const;

 private:
    struct File {
        bool is_renewed = false;  // a pipe or socket, of which each child has its own
        std::string lasting, passing;
        bool operator==(const File&) const = default;
    };

    enum class Whose { ours, plugins };

    [[nodiscard]] static File look_at(int fd, Whose whose);
    [[nodiscard]] std::string hash_of_memory() const;

    std::map<int, std::pair<Whose, File>> files_;
    std::vector<Range> memory_;
    std::string hash_;
    bool too_much_ = false;
};

}  // namespace patchpipe
