// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "isolation/time_limit.h"

#include <semaphore.h>
#include <unistd.h>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <system_error>
#include <thread>
#include <utility>

#include "base/error.h"
#include "base/json.h"
#include "base/real_time.h"

namespace patchpipe {
namespace {

// One that hangs takes some 100 kB. Those that come back are counted no more.
constexpr int most_threads = 500;

// The C++ library's semaphores spin before they wait.
class Semaphore {
 public:
    Semaphore() { sem_init(&semaphore_, 0, 0); }
    ~Semaphore() { sem_destroy(&semaphore_); }
    Semaphore(const Semaphore&) = delete;
    Semaphore& operator=(const Semaphore&) = delete;

    void post() { sem_post(&semaphore_); }

    void wait() {
        while (sem_wait(&semaphore_) != 0 && errno == EINTR) continue;
    }

    // False if it was not posted by then.
    bool wait_until(RealClock::time_point deadline) {
        const auto seconds = std::chrono::floor<std::chrono::seconds>(deadline);
        const timespec time{.tv_sec = seconds.time_since_epoch().count(),
                            .tv_nsec = (deadline - seconds).count()};
        for (;;) {
            if (sem_clockwait(&semaphore_, CLOCK_MONOTONIC, &time) == 0) return true;
            if (errno != EINTR) return false;
        }
    }

 private:
    sem_t semaphore_;
};

// A thread that is left to its work may wake up while the process ends, and use what is gone then.
void end_at_once_later() {
    static const bool once = [] {
        return on_exit([](int status, void*) { (void)std::fflush(nullptr), _exit(status); },
                       nullptr) == 0;
    }();
    (void)once;
}

}  // namespace

// Where work is handed to a thread. The thread owns it too, for as long as it has work.
class TimeLimit::Desk {
 public:
    bool hand_over(std::chrono::milliseconds limit, Work work) {
        work_ = std::move(work);
        handed_.post();
        if (!done_.wait_until(RealClock::now() + limit)) return false;
        if (const auto thrown = std::exchange(thrown_, nullptr)) std::rethrow_exception(thrown);
        return true;
    }

    void leave() {
        left_.request_stop();
        handed_.post();
    }

    void serve() {
        for (;;) {
            handed_.wait();
            if (left_.stop_requested()) return;
            try {
                std::exchange(work_, nullptr)(left_.get_token());
            } catch (...) {
                thrown_ = std::current_exception();
            }
            done_.post();
        }
    }

 private:
    Semaphore handed_, done_;
    Work work_;
    std::exception_ptr thrown_;
    std::stop_source left_;
};

TimeLimit::~TimeLimit() {
    if (desk_) leave_desk();
}

void TimeLimit::open_desk(std::string_view subject, const std::string& failure) {
    if (*threads_ >= most_threads)
        throw Error(ErrorKind::timeout, subject,
                    failure + ": the files of " + std::to_string(most_threads) +
                        " earlier jobs are still waited for; is a network mount not answering?");
    const auto desk = std::make_shared<Desk>();
    try {
        std::thread([desk, threads = threads_] {
            desk->serve();
            --*threads;
        }).detach();
    } catch (const std::system_error& error) {
        throw Error(ErrorKind::io, subject,
                    failure + ": no thread can be started for it: " + error.code().message() +
                        "; allow more: ulimit -u");
    }
    ++*threads_;
    desk_ = desk;
}

void TimeLimit::leave_desk() {
    desk_->leave();
    desk_.reset();
}

void TimeLimit::keep(std::chrono::milliseconds limit, std::string_view subject,
                     const std::string& failure, Work work) {
    if (!desk_) open_desk(subject, failure);
    if (desk_->hand_over(limit, std::move(work))) return;
    end_at_once_later();
    leave_desk();
    throw Error(ErrorKind::timeout, subject,
                failure + " within " + json_number(static_cast<double>(limit.count()) / 1000) +
                    " seconds; is a network mount not answering, or nobody at a pipe's other end?");
}

}  // namespace patchpipe
