// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "play/tap.h"

#include <algorithm>
#include <cmath>

namespace patchpipe {

// Read before the ring is looked at: what came before the end is then seen there.
bool Tap::nothing_comes() const { return gone_ || stopped_ || link_.board().finished; }

std::size_t Tap::take(std::span<float> samples) {
    auto& output = link_.output();
    const auto count = stopped_ ? 0 : std::min(samples.size(), output.available());
    // The other side writes in pieces of any size.
    const auto taken = samples.first(count - count % static_cast<std::size_t>(channels_));
    output.read(taken);
    link_.board().to_player.post();
    meter_.add(taken);
    silence_non_finite(taken);
    frames_ += static_cast<std::int64_t>(taken.size()) / channels_;
    return taken.size();
}

// What a sound card makes of them may be as loud as it can be.
void Tap::silence_non_finite(std::span<float> samples) {
    if (meter_.non_finite_samples() == non_finite_) return;
    for (auto& sample : samples)
        if (!std::isfinite(sample)) sample = 0;
    non_finite_ = meter_.non_finite_samples();
}

bool Tap::play(std::span<float> samples) {
    const bool last = nothing_comes();
    const auto taken = take(samples);
    std::fill(samples.begin() + static_cast<std::ptrdiff_t>(taken), samples.end(), 0.0F);
    missed_ = taken < samples.size();
    if (missed_ && !last) ++underruns_;
    return taken > 0 || !last;
}

void Tap::hear(std::span<const float> samples) {
    if (missed_ || link_.input().room() < samples.size()) return;
    link_.input().write(samples);
    link_.board().to_player.post();
}

std::size_t Tap::wait_and_take(std::span<float> samples) {
    constexpr std::chrono::milliseconds look_again{100};
    auto& to_device = link_.board().to_device;
    for (;;) {
        const auto seen = to_device.count();
        const bool last = nothing_comes();
        if (const auto taken = take(samples); taken > 0 || last) return taken;
        to_device.wait(seen, look_again);
    }
}

}  // namespace patchpipe
