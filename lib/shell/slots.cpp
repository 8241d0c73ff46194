// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "shell/slots.h"

#include <charconv>
#include <iterator>
#include <map>
#include <set>
#include <string_view>
#include <utility>

namespace patchpipe {

SlotIndices Slots::assign(const std::vector<Parameter>& parameters) {
    std::map<std::string_view, std::size_t> slots;
    for (std::size_t slot = 0; slot < ids_.size(); ++slot) slots.emplace(ids_[slot], slot);
    SlotIndices indices{};
    std::vector<std::size_t> new_ones;
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        const auto found = slots.find(parameters[i].id);
        if (found == slots.end())
            new_ones.push_back(i);
        else
            indices[found->second] = i;
    }
    for (const auto i : new_ones) {
        std::size_t slot = ids_.size();
        if (slot == slot_count)
            for (slot = 0; slot < slot_count && indices[slot];) ++slot;
        if (slot == slot_count) break;
        if (slot == ids_.size()) ids_.emplace_back();
        ids_[slot] = parameters[i].id;
        indices[slot] = i;
    }
    return indices;
}

void Slots::set_ids(std::vector<std::string> ids) {
    ids_ = std::move(ids);
    if (ids_.size() > slot_count) ids_.resize(slot_count);
}

double meant_value(float value) {
    char text[32];
    const auto end = std::to_chars(std::begin(text), std::end(text), value).ptr;
    double meant = value;
    (void)std::from_chars(text, end, meant);
    return meant;
}

}  // namespace patchpipe
