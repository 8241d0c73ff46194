// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Audio, some frames later.
#pragma once

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

namespace patchpipe {

class DelayLine {
 public:
    DelayLine(int channels, int block_size, int delay)
        : delay_(static_cast<std::size_t>(delay)),
          lines_(static_cast<std::size_t>(channels), std::vector<float>(delay_)),
          blocks_(lines_.size(), std::vector<float>(static_cast<std::size_t>(block_size))) {
        for (auto& block : blocks_) pointers_.push_back(block.data());
    }

    /// The frames that came that much earlier; silence at first. Valid until the next call.
    const float* const* process(const float* const* channels, int frames) {
        if (delay_ == 0) return channels;
        auto at = at_;
        for (std::size_t channel = 0; channel < lines_.size(); ++channel) {
            at = at_;
            for (std::size_t i = 0; i < static_cast<std::size_t>(frames); ++i) {
                blocks_[channel][i] = std::exchange(lines_[channel][at], channels[channel][i]);
                at = at + 1 == delay_ ? 0 : at + 1;
            }
        }
        at_ = at;
        return pointers_.data();
    }

    void clear() {
        for (auto& line : lines_) std::fill(line.begin(), line.end(), 0.0F);
    }

 private:
    std::size_t delay_, at_ = 0;
    std::vector<std::vector<float>> lines_, blocks_;
    std::vector<const float*> pointers_;
};

}  // namespace patchpipe
