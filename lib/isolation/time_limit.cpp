// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "isolation/time_limit.h"

#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>

#include "base/error.h"

namespace patchpipe {

// Where work is handed to a thread. The thread owns it too, for as long as it has work.
class TimeLimit::Desk {
 public:
    bool hand_over(std::chrono::milliseconds limit, std::function<void()> work) {
        std::unique_lock lock(mutex_);
        work_ = std::move(work);
        busy_ = true;
        // Woken while the lock is held, the other thread would have to wait for it at once.
        lock.unlock();
        changed_.notify_all();
        lock.lock();
        if (!changed_.wait_for(lock, limit, [&] { return !busy_; })) return false;
        if (const auto thrown = std::exchange(thrown_, nullptr)) std::rethrow_exception(thrown);
        return true;
    }

    void close() {
        const std::lock_guard lock(mutex_);
        closed_ = true;
        changed_.notify_all();
    }

    void serve() {
        std::unique_lock lock(mutex_);
        for (;;) {
            changed_.wait(lock, [&] { return busy_ || closed_; });
            if (!busy_) return;
            const auto work = std::exchange(work_, nullptr);
            lock.unlock();
            std::exception_ptr thrown;
            try {
                work();
            } catch (...) {
                thrown = std::current_exception();
            }
            lock.lock();
            thrown_ = thrown;
            busy_ = false;
            lock.unlock();
            changed_.notify_all();
            lock.lock();
        }
    }

 private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::function<void()> work_;
    std::exception_ptr thrown_;
    bool busy_ = false, closed_ = false;
};

TimeLimit::TimeLimit() = default;
TimeLimit::~TimeLimit() {
    if (desk_) desk_->close();
}

bool TimeLimit::keep(std::chrono::milliseconds limit, std::function<void()> work) {
    constexpr int most_left_behind = 64;
    if (left_behind_ == most_left_behind)
        throw Error(ErrorKind::timeout, "reading",
                    "has hung for " + std::to_string(most_left_behind) +
                        " jobs already; look at the network mounts, and start again");
    if (!desk_) {
        desk_ = std::make_shared<Desk>();
        std::thread([desk = desk_] { desk->serve(); }).detach();
    }
    if (desk_->hand_over(limit, std::move(work))) return true;
    desk_->close();
    desk_.reset();
    ++left_behind_;
    return false;
}

}  // namespace patchpipe
