// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Records of what happens on the other threads, on their way to the one that writes them.
#pragma once

#include <functional>
#include <mutex>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "record/record.h"

namespace patchpipe {

/// A record with that event.
[[nodiscard]] inline Record event_record(std::string_view event) {
    Record record("{}");
    record.set("event", event);
    return record;
}

/// The same with the fields of an error.
[[nodiscard]] inline Record error_record(std::string_view event, const Error& error) {
    auto record = event_record(event);
    record.set_error(error);
    return record;
}

class News {
 public:
    /// wake is called on the thread that tells.
    explicit News(std::function<void()> wake) : wake_(std::move(wake)) {}

    void tell(Record record) {
        {
            const std::lock_guard lock(mutex_);
            records_.push_back(std::move(record));
        }
        wake_();
    }

    /// Those that were told since the last call, in order.
    [[nodiscard]] std::vector<Record> take() {
        const std::lock_guard lock(mutex_);
        return std::exchange(records_, {});
    }

 private:
    std::function<void()> wake_;
    std::mutex mutex_;
    std::vector<Record> records_;
};

}  // namespace patchpipe
