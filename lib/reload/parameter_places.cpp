// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "reload/parameter_places.h"

namespace patchpipe {

std::optional<std::size_t> own_index(const OwnIndices& indices, std::size_t place) {
    return place < indices.size() ? indices[place] : std::nullopt;
}

// Of several parameters with one id the first one counts.
OwnIndices ParameterPlaces::join(const std::vector<ParameterName>& own) {
    const std::lock_guard lock(mutex_);
    OwnIndices indices(all_.size());
    for (std::size_t i = 0; i < own.size(); ++i) {
        const auto [found, is_new] = places_.emplace(own[i].id, all_.size());
        if (is_new) {
            all_.push_back(own[i]);
            indices.emplace_back();
        }
        if (auto& index = indices[found->second]; !index) index = i;
    }
    return indices;
}

std::vector<ParameterName> ParameterPlaces::all() const {
    const std::lock_guard lock(mutex_);
    return all_;
}

std::optional<std::string> ParameterPlaces::id_at(std::size_t place) const {
    const std::lock_guard lock(mutex_);
    if (place >= all_.size()) return {};
    return all_[place].id;
}

}  // namespace patchpipe
