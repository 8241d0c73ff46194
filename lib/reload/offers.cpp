// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "reload/offers.h"

#include <utility>

namespace patchpipe {

void Offers::put(std::unique_ptr<Generation> next) {
    {
        std::unique_lock lock(mutex_);
        if (order_ == Order::each)
            changed_.wait(lock, [&] { return stopped_ || !offer_; });
        else if (offer_ && *offer_)
            retired_.push_back(std::move(*offer_));
        offer_ = std::move(next);
    }
    changed_.notify_all();
}

std::unique_ptr<Generation> Offers::take() {
    std::optional<std::unique_ptr<Generation>> offer;
    {
        std::unique_lock lock(mutex_);
        if (order_ == Order::each) changed_.wait(lock, [&] { return stopped_ || offer_; });
        offer = std::exchange(offer_, std::nullopt);
    }
    changed_.notify_all();
    return offer ? std::move(*offer) : nullptr;
}

void Offers::retire(std::unique_ptr<Generation> old) {
    if (!old) return;
    const std::lock_guard lock(mutex_);
    retired_.push_back(std::move(old));
}

std::vector<std::unique_ptr<Generation>> Offers::take_retired() {
    const std::lock_guard lock(mutex_);
    return std::exchange(retired_, {});
}

void Offers::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopped_ = true;
    }
    changed_.notify_all();
}

}  // namespace patchpipe
