// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "render/automation.h"

#include <algorithm>
#include <limits>

namespace patchpipe {
namespace {

// On the line between two points, the first of them at or before the frame.
double value_between(const AutomationPoint& from, const AutomationPoint& to, std::int64_t frame) {
    const auto part =
        static_cast<double>(frame - from.frame) / static_cast<double>(to.frame - from.frame);
    return from.value + part * (to.value - from.value);
}

}  // namespace

AutomationPlayer::AutomationPlayer(std::span<const Automation> automation, int control_interval)
    : interval_(control_interval) {
    for (const auto& one : automation) lanes_.push_back({&one});
}

// True between two points of different values.
bool AutomationPlayer::Lane::moves() const {
    const auto& points = automation->points;
    return automation->shape == Automation::Shape::linear && next > 0 && next < points.size() &&
           points[next - 1].value != points[next].value;
}

// After `begin`, counted from the start of the lane.
std::int64_t AutomationPlayer::Lane::next_change(std::int64_t begin, std::int64_t interval) const {
    const auto& points = automation->points;
    if (next == points.size()) return std::numeric_limits<std::int64_t>::max() - automation->delay;
    const auto frame = points[next].frame;
    return moves() ? std::min(frame, (begin / interval + 1) * interval) : frame;
}

std::int64_t AutomationPlayer::next_change(std::int64_t begin, std::int64_t end) const {
    for (const auto& lane : lanes_) {
        const auto delay = lane.automation->delay;
        end = std::min(end, lane.next_change(begin - delay, interval_) + delay);
    }
    return end;
}

std::span<const ParameterChange> AutomationPlayer::changes_at(std::int64_t frame) {
    changes_.clear();
    for (auto& lane : lanes_) {
        const auto& points = lane.automation->points;
        const auto before = lane.next;
        const auto at = frame - lane.automation->delay;
        while (lane.next < points.size() && points[lane.next].frame <= at) ++lane.next;
        double value = 0;
        if (lane.next > before)
            value = points[lane.next - 1].value;
        else if (lane.moves() && at % interval_ == 0)
            value = value_between(points[lane.next - 1], points[lane.next], at);
        else
            continue;
        changes_.push_back({lane.automation->parameter, value});
    }
    return changes_;
}

}  // namespace patchpipe
