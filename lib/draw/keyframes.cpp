// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "draw/keyframes.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/json.h"
#include "base/number.h"

namespace patchpipe {
namespace {

[[noreturn]] void refuse(std::string_view key) {
    throw Error(ErrorKind::bad_record, key,
                "must be a number, or an array of [time, number] in order of time");
}

double number_in(std::string_view json, std::string_view key) {
    const auto number = parse_number(json);
    if (!number) refuse(key);
    return *number;
}

}  // namespace

Keyframes::Keyframes(std::string_view json, std::string_view key) {
    const auto points = json_elements(json);
    if (!points) {
        points_.emplace_back(0, number_in(json, key));
        return;
    }
    for (const auto& text : *points) {
        const auto pair = json_elements(text);
        if (!pair || pair->size() != 2) refuse(key);
        points_.emplace_back(number_in((*pair)[0], key), number_in((*pair)[1], key));
        const auto count = points_.size();
        if (count > 1 && points_[count - 1].first < points_[count - 2].first) refuse(key);
    }
}

double Keyframes::at(double time) const {
    if (points_.empty()) return 0;
    const auto behind =
        std::upper_bound(points_.begin(), points_.end(), time,
                         [](double at, const auto& point) { return at < point.first; });
    if (behind == points_.begin()) return points_.front().second;
    if (behind == points_.end()) return points_.back().second;
    const auto before = std::prev(behind);
    const double share = (time - before->first) / (behind->first - before->first);
    return std::lerp(before->second, behind->second, share);
}

}  // namespace patchpipe
