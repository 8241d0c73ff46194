// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "play/play_handler.h"

#include <csignal>

#include "job/apply_parameters.h"
#include "job/render_job.h"
#include "play/play_into.h"
#include "reload/generation_requests.h"
#include "shown/clock.h"

namespace patchpipe {
namespace {

LiveSettings live_settings(const OpenPlugin& plugin, const Record& request) {
    auto& processor = plugin.processor;
    return {.frames = request.integer("frames").value_or(LiveSettings::most_frames),
            .latency = processor.latency_frames(),
            .inputs = request.flag("hears").value_or(false) ? processor.info().inputs : 0,
            .block_size = plugin.settings.block_size,
            .room = processor.event_room(),
            .convert =
                [&processor](std::size_t parameter, const std::string& text) {
                    return normalised_value(processor, parameter, text, "value");
                },
            .reset = [&processor] { processor.settle(); }};
}

Record play(const OpenPlugin& plugin, const Record& request, Asker& asker) {
    // A terminal sends them to all processes. The tool ends the playing in order.
    std::signal(SIGINT, SIG_IGN);
    std::signal(SIGTERM, SIG_IGN);
    std::signal(SIGHUP, SIG_IGN);
    auto& processor = plugin.processor;
    (void)load_sounds(processor, plugin.states, read_render_request(request), asker);
    for (auto& state : plugin.states) state.forget();
    PlayLink link(asker.open_output().fd, LinkSizes::of(request));
    asker.note("playing");
    const int latency =
        play_into(link, processor, plugin.settings, live_settings(plugin, request),
                  [](const Transport& transport) { set_host_clock(transport.seconds); });
    Record answer("{\"status\":\"ok\"}");
    answer.set("latency_frames", latency);
    return answer;
}

}  // namespace

OwnRequests play_requests() {
    auto requests = generation_requests();
    requests[live_verb] = {.answer = play};
    return requests;
}

}  // namespace patchpipe
