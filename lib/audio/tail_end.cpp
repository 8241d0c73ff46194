// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "audio/tail_end.h"

#include <algorithm>
#include <cmath>

namespace patchpipe {

TailEnd::TailEnd(int channels, std::int64_t begin, double threshold_db, std::int64_t hold)
    : channels_(channels),
      hold_(hold),
      loud_until_(begin),
      threshold_(static_cast<float>(std::pow(10, threshold_db / 20))) {}

void TailEnd::add(std::span<const float> samples) {
    const auto is_loud = [this](float sample) { return !(std::abs(sample) <= threshold_); };
    const auto stride = static_cast<std::size_t>(channels_);
    for (; samples.size() >= stride && !ended(); samples = samples.subspan(stride)) {
        const auto frame = samples.first(stride);
        ++frames_;
        if (std::any_of(frame.begin(), frame.end(), is_loud))
            loud_until_ = std::max(loud_until_, frames_);
    }
}

}  // namespace patchpipe
