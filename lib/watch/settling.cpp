// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "watch/settling.h"

namespace patchpipe {

bool Settling::see(const std::string& hash, Time now) {
    if (hash.empty() || hash == taken_) {
        seen_.clear();
        return false;
    }
    if (hash != seen_) {
        seen_ = hash;
        since_ = now;
        return false;
    }
    if (now - since_ < rest_) return false;
    take(hash);
    return true;
}

void Settling::take(std::string hash) {
    taken_ = std::move(hash);
    seen_.clear();
}

}  // namespace patchpipe
