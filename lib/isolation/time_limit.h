// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A limit for what cannot be interrupted: reading a file on a network mount that does not answer.
#pragma once

#include <chrono>
#include <functional>
#include <memory>

namespace patchpipe {

class TimeLimit {
 public:
    TimeLimit();
    ~TimeLimit();
    TimeLimit(const TimeLimit&) = delete;
    TimeLimit& operator=(const TimeLimit&) = delete;

    /// Does the work on a thread that stands ready for it, and waits for its end. Returns false if
    /// it has not ended in time: the thread is then left to it, with all that the work refers to,
    /// so that must be the work's own. What the work throws is thrown here. Throws Error timeout
    /// without doing anything if too many threads have been left already.
    [[nodiscard]] bool keep(std::chrono::milliseconds limit, std::function<void()> work);

 private:
    class Desk;
    std::shared_ptr<Desk> desk_;
    int left_behind_ = 0;
};

}  // namespace patchpipe
