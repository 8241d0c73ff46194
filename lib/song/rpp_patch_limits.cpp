// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What records may not change in a project that is there: a change that would be lost is refused.

#include <span>

#include "base/error.h"
#include "song/record_changes.h"
#include "song/rpp_patcher.h"

namespace patchpipe {
namespace {

using Keys = std::span<const std::string_view>;

constexpr std::string_view fixed_in_items[] = {"track", "reverse"};
constexpr std::string_view fixed_in_sources[] = {"from", "section_length", "mode"};
constexpr std::string_view fixed_in_effects[] = {"name",       "plugin_kind", "plugin_path",
                                                 "plugin_id",  "reaper_id",   "state_format",
                                                 "instrument", "container",   "slot"};
constexpr std::string_view fixed_in_envelopes[] = {"target", "stage", "scale"};
constexpr std::string_view fixed_in_parameters[] = {"id", "min", "max", "middle"};

// Of a key that is left out.
bool is_usual(std::string_view json) { return json == "false" || json == "0" || json == "\"\""; }

void refuse_changes(const std::string& id, const Record& before, const Record& after, Keys keys) {
    for (const auto key : keys) {
        if (!before.raw(key) && is_usual(after.raw(key).value_or("0"))) continue;
        if (!same_values(before, after, {key}))
            throw Error(ErrorKind::bad_record, id,
                        std::string(key) +
                            " cannot be changed in a project; remove this one, and add one with a "
                            "new id");
    }
}

// Every take's record has the item's values.
void check_take(const std::string& id, const Record& before, const Record& after,
                const Record* item) {
    for (const auto& rule : item_rules) {
        if (same_values(before, after, {rule.key})) continue;
        if (item != nullptr && item->raw(rule.key) && same_values(*item, after, {rule.key}))
            continue;
        throw Error(ErrorKind::bad_record, id,
                    std::string(rule.key) +
                        " is that of the whole item; change it in the record of its first take");
    }
}

}  // namespace

void RppPatcher::check_changes() {
    for (const auto& id : after_.things()) {
        const auto *const before = before_.find(id), *const after = after_.find(id);
        if (before == nullptr || is_removed(id)) continue;
        const auto type = after->text("type").value_or("");
        if (type == "fx") refuse_changes(id, *before, *after, fixed_in_effects);
        if (type == "envelope") {
            refuse_changes(id, *before, *after, fixed_in_envelopes);
            refuse_changes(id, object_in(*before, "parameter"), object_in(*after, "parameter"),
                           fixed_in_parameters);
        }
        if (type == "item") check_item(id, *before, *after);
    }
}

void RppPatcher::check_item(const std::string& id, const Record& before, const Record& after) {
    refuse_changes(id, before, after, fixed_in_items);
    refuse_changes(id, object_in(before, "source"), object_in(after, "source"), fixed_in_sources);
    const bool first = before.integer("take").value_or(1) <= 1;
    const auto item = first ? id : id.substr(0, id.rfind('.'));
    if (!first) check_take(id, before, after, after_.find(item));
    if (same_values(before, after, {"active"})) return;
    // Without another one the first take plays.
    if (after.flag("active").value_or(false))
        active_takes_[item] = id;
    else
        active_takes_.try_emplace(item, item);
}

}  // namespace patchpipe
