// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "play/play_into.h"

#include <algorithm>
#include <chrono>
#include <span>

#include "render/render.h"

namespace patchpipe {
namespace {

constexpr std::chrono::milliseconds look_for_end{100};

// Writes all of the samples, as soon as there is room, unless the playing is stopped.
void write_output(PlayLink& link, std::span<const float> samples) {
    auto& board = link.board();
    for (; !samples.empty() && !board.stopped; ++board.beats) {
        const auto seen = board.to_player.count();
        const auto part = samples.first(std::min(samples.size(), link.output().room()));
        if (part.empty()) {
            board.to_player.wait(seen, look_for_end);
            continue;
        }
        link.output().write(part);
        board.to_device.post();
        samples = samples.subspan(part.size());
    }
}

}  // namespace

int play_into(PlayLink& link, Processor& processor, const BlockSettings& block_settings,
              const LiveSettings& settings,
              const std::function<void(const Transport& transport)>& before_block) {
    LiveScore score(link, settings);
    link.board().began = true;
    const int latency =
        render(processor, score, block_settings,
               {.samples = [&](std::span<const float> samples) { write_output(link, samples); },
                .before_block = before_block,
                .ended = [&] { return link.board().stopped.load(); }});
    link.board().finished = true;
    link.board().to_device.post();
    return latency;
}

}  // namespace patchpipe
