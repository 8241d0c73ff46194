// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "play/play_handler.h"

#include <csignal>
#include <span>

#include "job/apply_parameters.h"
#include "job/render_job.h"
#include "play/live_score.h"
#include "play/play_link.h"
#include "render/render.h"
#include "shown/clock.h"

namespace patchpipe {
namespace {

constexpr std::chrono::milliseconds look_again{100};

// Writes all of the samples, as soon as there is room, unless the playing is stopped.
void write_output(PlayLink& link, std::span<const float> samples) {
    auto& board = link.board();
    for (; !samples.empty() && !board.stopped; ++board.beats) {
        const auto seen = board.to_player.count();
        const auto part = samples.first(std::min(samples.size(), link.output().room()));
        if (part.empty()) {
            board.to_player.wait(seen, look_again);
            continue;
        }
        link.output().write(part);
        board.to_device.post();
        samples = samples.subspan(part.size());
    }
}

LiveSettings live_settings(const OpenPlugin& plugin, const Record& request) {
    auto& processor = plugin.processor;
    return {.frames = request.integer("frames").value_or(LiveSettings::most_frames),
            .latency = processor.latency_frames(),
            .inputs = request.flag("hears").value_or(false) ? processor.info().inputs : 0,
            .block_size = plugin.settings.block_size,
            .room = processor.event_room(),
            .convert = [&processor](std::size_t parameter, const std::string& text) {
                return normalised_value(processor, parameter, text, "value");
            }};
}

Record play(const OpenPlugin& plugin, const Record& request, Asker& asker) {
    // A terminal sends them to all processes. The tool ends the playing in order.
    std::signal(SIGINT, SIG_IGN);
    std::signal(SIGTERM, SIG_IGN);
    auto& processor = plugin.processor;
    (void)load_sounds(processor, plugin.states, read_render_request(request), asker);
    for (auto& state : plugin.states) state.forget();
    PlayLink link(asker.open_output().fd, LinkSizes::of(request));
    LiveScore score(link, live_settings(plugin, request));
    asker.note("playing");
    link.board().began = true;
    const int latency = render(
        processor, score, plugin.settings,
        {.samples = [&](std::span<const float> samples) { write_output(link, samples); },
         .before_block = [](const Transport& transport) { set_host_clock(transport.seconds); },
         .ended = [&] { return link.board().stopped.load(); }});
    link.board().finished = true;
    link.board().to_device.post();
    Record answer("{\"status\":\"ok\"}");
    answer.set("latency_frames", latency);
    return answer;
}

}  // namespace

OwnRequests play_requests() { return {{live_verb, play}}; }

}  // namespace patchpipe
