// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "job/parameter_finder.h"

#include <utility>

#include "base/closest.h"
#include "base/error.h"
#include "base/number.h"
#include "base/words.h"
#include "job/parameter_settings.h"

namespace patchpipe {

ParameterFinder::ParameterFinder(std::vector<ParameterName> names, std::string plugin,
                                 std::string key)
    : names_(std::move(names)), plugin_(std::move(plugin)), key_(std::move(key)) {
    for (auto& [id, name] : names_) {  // plug-ins give bytes of any encoding
        id = readable(id);
        name = readable(name);
    }
}

std::size_t ParameterFinder::index_of(const std::string& wanted) const {
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < names_.size(); ++i)
        if (names_[i].name == wanted) found.push_back(i);
    if (found.size() == 1) return found.front();
    if (found.size() > 1) refuse_ambiguous(wanted, found);
    if (wanted.starts_with("#")) return by_index(wanted);
    if (wanted.starts_with("id:")) return by_id(wanted.substr(3));
    if (wanted.starts_with("/")) return by_id(wanted);  // an address, as Faust has them
    std::vector<std::string> all;
    for (const auto& name : names_) all.push_back(name.name);
    refuse_unknown("has no parameter " + in_quotes(wanted) + closest_words(all, wanted));
}

std::size_t ParameterFinder::by_index(const std::string& wanted) const {
    const auto index = parse_whole<std::size_t>(wanted.substr(1));
    if (index && *index < names_.size()) return *index;
    refuse_unknown("has no parameter " + in_quotes(wanted) + ": it has " +
                   std::to_string(names_.size()) + ", counted from 0");
}

std::size_t ParameterFinder::by_id(const std::string& id) const {
    std::vector<std::string> all;
    for (std::size_t i = 0; i < names_.size(); ++i) {
        if (names_[i].id == id) return i;
        all.push_back(names_[i].id);
    }
    refuse_unknown("has no parameter with the id " + in_quotes(id) + closest_words(all, id));
}

void ParameterFinder::refuse_ambiguous(const std::string& wanted,
                                       const std::vector<std::size_t>& found) const {
    std::vector<std::string> ids;
    for (const auto index : found) ids.push_back("id:" + printable(names_[index].id));
    constexpr std::size_t most = 8;
    if (ids.size() > most) ids.resize(most);
    refuse_unknown("has " + std::to_string(found.size()) + " parameters " + in_quotes(wanted) +
                   "; name one of them: " + joined(ids, ", ", " or "));
}

void ParameterFinder::refuse_unknown(const std::string& why) const {
    throw Error(ErrorKind::bad_record, key_, plugin_ + " " + why);
}

}  // namespace patchpipe
