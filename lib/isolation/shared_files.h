// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a process has in common with the children that it forks: open files, with their contents,
// counters, timers and options, and shared memory. A child that changes it changes it for all that
// come later, and nothing can put it back.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "isolation/page_tracker.h"

namespace patchpipe {

class SharedFiles {
 public:
    /// Notes the present state of all descriptors, and of memory that children share, but for this.
    /// `own` are the caller's, of which only flags and options are noted, as of the standard ones.
    void take(std::span<const int> own, Range own_memory);

    /// Why something could change that changed() does not see, in words that follow the name of the
    /// process; null if nothing can.
    [[nodiscard]] const char* unseen() const { return unseen_; }

    /// True if something is not as it was, or could have changed unseen. Pipes and sockets that the
    /// process has with itself are not looked at: each child gets its own (base/inner_pipes.h).
    [[nodiscard]] bool changed() const;

    /// The same in a child that is put back, but for what is put back, or looked at, there
    /// (process_state.h, address_space.h): positions, flags, what waits to be read, memory.
    [[nodiscard]] bool changed_for_good() const;

 private:
    struct State {
        std::string lasting, passing;
        bool operator==(const State&) const = default;
    };

    enum class Whose { ours, plugins };

    struct File {
        int fd;
        Whose whose;
        bool is_renewed;   // a pipe or socket, of which each child has its own
        bool is_contents;  // its contents are looked at
        State then = {};
    };

    [[nodiscard]] File note(int fd, std::span<const int> own, std::span<const int> renewed);
    [[nodiscard]] static State look_at(const File& file);
    void take_memory(Range own_memory);
    [[nodiscard]] std::string hash_of_memory() const;

    std::vector<File> files_;
    std::vector<Range> memory_;
    std::string hash_;
    std::size_t size_ = 0;  // of all contents and memory
    const char* unseen_ = nullptr;
};

}  // namespace patchpipe
