// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "record/field_spelling.h"

#include <utility>

#include "base/closest.h"
#include "base/words.h"
#include "record/settings.h"

namespace patchpipe {
namespace {

// What jobs, items and edits have besides settings.
constexpr const char* other_fields[] = {
    "preset_path", "preset_format", "preset_uri", "state_path", "input_path", "sidechain_path",
    "output_path", "parameters",    "automation", "chain",      "audio_tags"};

}  // namespace

FieldSpelling::FieldSpelling(bool strict, std::function<void(std::string_view)> warn)
    : strict_(strict),
      warn_(std::move(warn)),
      known_(std::begin(other_fields), std::end(other_fields)) {
    for (const auto& setting : settings()) known_.emplace_back(setting.key);
}

const std::optional<std::string>& FieldSpelling::meant_by(const std::string& key) {
    // Records may have any number of names, each with its value in them.
    constexpr std::size_t most = 1000;
    if (meant_.size() >= most) meant_.clear();
    const auto [found, is_new] = meant_.try_emplace(key);
    if (is_new) found->second = misspelt(known_, key);
    return found->second;
}

void FieldSpelling::check(const Record& record) {
    if (record.raw("type")) return;
    for (const auto& key : record.keys()) {
        const bool said = meant_.contains(key);
        const auto& meant = meant_by(key);
        // A record that has the right one too has the other for a reason.
        if (!meant || (said && !strict_) || record.raw(*meant)) continue;
        const auto message =
            "is no field that a tool reads; the closest is '" + *meant + "', if that was meant";
        if (strict_) throw Error(ErrorKind::bad_record, printable(key), message);
        warn_(printable(key) + ": " + message + " (--strict makes it an error)");
    }
}

}  // namespace patchpipe
