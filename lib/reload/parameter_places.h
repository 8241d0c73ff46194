// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The parameters of all builds of a plug-in, in one list. An event names a parameter by its place
// in the list, which it keeps for good, whichever build plays and however that one counts.
#pragma once

#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "render/patch.h"

namespace patchpipe {

/// By place in the list: the index of that parameter in one build; nothing if it has none. The
/// build lacks those that joined behind its end.
using OwnIndices = std::vector<std::optional<std::size_t>>;

/// Of one parameter.
[[nodiscard]] std::optional<std::size_t> own_index(const OwnIndices& indices, std::size_t place);

/// All functions may be called from any thread.
class ParameterPlaces {
 public:
    /// For a build with these parameters; those whose ids are new join the list.
    [[nodiscard]] OwnIndices join(const std::vector<ParameterName>& own);

    [[nodiscard]] std::vector<ParameterName> all() const;
    /// Nothing for a place that no parameter has.
    [[nodiscard]] std::optional<std::string> id_at(std::size_t place) const;

 private:
    mutable std::mutex mutex_;
    std::vector<ParameterName> all_;
    std::map<std::string, std::size_t> places_;  // by id
};

}  // namespace patchpipe
