// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Generations on their way from the thread that opens them to the one that plays, and back again to
// be ended, which takes a while. All functions may be called from any thread.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "reload/generation.h"

namespace patchpipe {

class Offers {
 public:
    enum class Order {
        newest,  ///< one that was not taken is replaced by the next one
        each,    ///< each is taken, and the two threads wait for each other
    };
    explicit Offers(Order order) : order_(order) {}

    /// Null if there was one and it could not be opened.
    void put(std::unique_ptr<Generation> next);
    /// Null if there is none; of Order::each: if it was put as null or after stop().
    [[nodiscard]] std::unique_ptr<Generation> take();

    void retire(std::unique_ptr<Generation> old);  ///< null is nothing
    [[nodiscard]] std::vector<std::unique_ptr<Generation>> take_retired();

    /// From now on nothing waits.
    void stop();

 private:
    Order order_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::optional<std::unique_ptr<Generation>> offer_;
    std::vector<std::unique_ptr<Generation>> retired_;
    bool stopped_ = false;
};

}  // namespace patchpipe
