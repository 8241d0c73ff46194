// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "reload/comparison.h"

#include <cmath>
#include <string>
#include <utility>

#include "base/json.h"

namespace patchpipe {
namespace {

constexpr std::pair<std::string_view, Listening> names[] = {
    {"new", Listening::to_new},
    {"old", Listening::to_old},
    {"difference", Listening::to_difference}};

std::string level(double sum_of_squares, std::size_t samples) {
    if (sum_of_squares == 0) return "null";
    return json_number(10 * std::log10(sum_of_squares / static_cast<double>(samples)));
}

}  // namespace

std::optional<Listening> listening_named(std::string_view name) {
    for (const auto& [known, listening] : names)
        if (known == name) return listening;
    return {};
}

std::string_view to_string(Listening listening) {
    for (const auto& [name, known] : names)
        if (known == listening) return name;
    return "";
}

Comparison::Gains Comparison::gains_of(Listening listening) {
    switch (listening) {
        case Listening::to_new:
            return {1, 0};
        case Listening::to_old:
            return {0, 1};
        case Listening::to_difference:
            return {1, -1};
    }
    return {1, 0};
}

void Comparison::listen(Listening to) {
    const double way = fade_frames_ > 0 ? static_cast<double>(left_) / fade_frames_ : 0;
    from_ = {to_.now + way * (from_.now - to_.now), to_.old + way * (from_.old - to_.old)};
    to_ = gains_of(to);
    left_ = fade_frames_;
}

void Comparison::mix(std::vector<std::vector<float>>& now, const float* const* old, int frames) {
    for (std::size_t i = 0; i < static_cast<std::size_t>(frames); ++i) {
        const double way = left_ > 0 ? static_cast<double>(left_) / fade_frames_ : 0;
        const auto now_gain = static_cast<float>(to_.now + way * (from_.now - to_.now)),
                   old_gain = static_cast<float>(to_.old + way * (from_.old - to_.old));
        for (std::size_t channel = 0; channel < now.size(); ++channel) {
            auto& heard = now[channel][i];
            const float before = old[channel][i], difference = heard - before;
            now_ += double{heard} * heard;
            old_ += double{before} * before;
            difference_ += double{difference} * difference;
            // One whose samples are not numbers is only heard when it is wanted.
            heard = old_gain == 0   ? now_gain * heard
                    : now_gain == 0 ? old_gain * before
                                    : now_gain * heard + old_gain * before;
        }
        if (left_ > 0) --left_;
    }
    samples_ += now.size() * static_cast<std::size_t>(frames);
}

Record Comparison::take_levels() {
    Record levels("{}");
    levels.set_json("new_db", level(now_, samples_));
    levels.set_json("old_db", level(old_, samples_));
    levels.set_json("difference_db", level(difference_, samples_));
    now_ = old_ = difference_ = 0;
    samples_ = 0;
    return levels;
}

}  // namespace patchpipe
