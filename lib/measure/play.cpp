// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "measure/play.h"

#include <algorithm>
#include <chrono>
#include <vector>

#include "base/real_time.h"
#include "render/render.h"

namespace patchpipe {
namespace {

// The processor with a stopwatch around it, and without a latency, which the render loop would take
// out.
class Watched : public Processor {
 public:
    Watched(Processor& processor, int block_size, Denormals denormals, const PlayListener& listener)
        : processor_(processor),
          block_size_(block_size),
          denormals_(denormals),
          listener_(listener) {}

    const ProcessorInfo& info() const override { return processor_.info(); }
    int channels() const override { return processor_.channels(); }
    int latency_frames() const override { return 0; }
    bool one_controller_a_block() const override { return processor_.one_controller_a_block(); }
    EventRoom event_room() const override { return processor_.event_room(); }
    void settle() override { processor_.settle(); }

    const float* const* process(const Block& block) override {
        auto kept = block;
        kept.keep_denormals = denormals_ == Denormals::kept;
        listener_.processing(true);
        const auto begin = RealClock::now();
        const auto* channels = processor_.process(kept);
        const std::chrono::duration<double, std::nano> time = RealClock::now() - begin;
        listener_.processing(false);
        if (block.frames == block_size_) times_.push_back(time.count() / block.frames);
        return channels;
    }

    [[nodiscard]] PlayTime time() {
        if (times_.empty()) return {};
        const auto middle = times_.begin() + static_cast<std::ptrdiff_t>(times_.size() / 2);
        std::nth_element(times_.begin(), middle, times_.end());
        return {*std::min_element(times_.begin(), times_.end()), *middle};
    }

 private:
    Processor& processor_;
    int block_size_;
    Denormals denormals_;
    const PlayListener& listener_;
    std::vector<double> times_;
};

}  // namespace

PlayTime play(Processor& processor, const Signal& signal, const BlockSettings& settings,
              Denormals denormals, const PlayListener& listener) {
    Watched watched(processor, settings.block_size, denormals, listener);
    render(watched, signal_score(signal, settings.sample_rate), settings,
           {.samples = listener.samples, .before_block = listener.before_block});
    return watched.time();
}

}  // namespace patchpipe
