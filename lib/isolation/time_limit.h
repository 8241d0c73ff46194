// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A limit for what cannot be interrupted: reading a file on a network mount that does not answer.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>

namespace patchpipe {

class TimeLimit {
 public:
    TimeLimit() = default;
    ~TimeLimit();
    TimeLimit(const TimeLimit&) = delete;
    TimeLimit& operator=(const TimeLimit&) = delete;

    /// Work that takes long looks at the token now and then: nobody waits for it once a stop is
    /// requested.
    using Work = std::function<void(const std::stop_token& given_up)>;

    /// Does the work on a thread that waits for it, and waits for its end. What the work throws is
    /// thrown here. Throws Error timeout with the subject and what failed, as "could not be read",
    /// if the work has not ended in time. Its thread is then left to it, with all that the work
    /// refers to, so that must be the work's own. Throws the same at once if too many such threads
    /// hang.
    void keep(std::chrono::milliseconds limit, std::string_view subject, const std::string& failure,
              Work work);

 private:
    class Desk;
    void open_desk(std::string_view subject, const std::string& failure);
    void leave_desk();

    std::shared_ptr<Desk> desk_;
    std::shared_ptr<std::atomic<int>> threads_ = std::make_shared<std::atomic<int>>(0);
};

}  // namespace patchpipe
