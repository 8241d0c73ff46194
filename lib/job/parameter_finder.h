// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Finds a plug-in's parameters by what records call them: by name, "id:ID" or the address of one in
// Faust, or "#INDEX", counted from 0. Needs no plug-in, only the names of its parameters.
#pragma once

#include <string>
#include <vector>

#include "render/patch.h"

namespace patchpipe {

class ParameterFinder {
 public:
    /// The names of the plug-in's parameters, in its order, in any encoding. key is the record's
    /// field, for messages.
    ParameterFinder(std::vector<ParameterName> names, std::string plugin, std::string key);

    /// Throws Error bad-record, with the closest names, for one that the plug-in has not or that
    /// several of its parameters have.
    [[nodiscard]] std::size_t index_of(const std::string& wanted) const;

 private:
    [[nodiscard]] std::size_t by_index(const std::string& wanted) const;
    [[nodiscard]] std::size_t by_id(const std::string& id) const;
    [[noreturn]] void refuse_ambiguous(const std::string& wanted,
                                       const std::vector<std::size_t>& found) const;
    [[noreturn]] void refuse_unknown(const std::string& why) const;

    std::vector<ParameterName> names_;
    std::string plugin_, key_;
};

}  // namespace patchpipe
