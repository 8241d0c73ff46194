// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "reload/generation_requests.h"

#include <algorithm>
#include <csignal>
#include <memory>
#include <optional>

#include "base/write.h"
#include "file/offset.h"
#include "job/apply_parameters.h"
#include "job/render_job.h"
#include "midi/time_map.h"
#include "reload/block_memory.h"
#include "render/hand_over.h"
#include "render/meters.h"
#include "shown/clock.h"

namespace patchpipe {
namespace {

// What the process keeps between two requests.
class GenerationServer {
 public:
    Record begin(const OpenPlugin& plugin, const Record& request, Asker& asker) {
        // A terminal sends them to all processes. The tool ends the playing in order.
        std::signal(SIGINT, SIG_IGN);
        std::signal(SIGTERM, SIG_IGN);
        std::signal(SIGHUP, SIG_IGN);
        start_host_clock();
        auto& processor = plugin.processor;
        (void)load_sounds(processor, plugin.states, read_render_request(request), asker);
        for (auto& state : plugin.states) state.forget();
        memory_.emplace(asker.open_output().fd, BlockSizes::of(request));
        timeline_.emplace([this](double seconds) { return time_map_.position_at(seconds); },
                          plugin.settings.sample_rate);
        asker.note("playing");
        Record answer("{\"status\":\"ok\"}");
        const auto room = processor.event_room();
        answer.set("room_events", std::min(room.events, BlockMemory::room.events));
        answer.set("room_bytes", std::min(room.bytes, BlockMemory::room.bytes));
        answer.set("one_controller_a_block", processor.one_controller_a_block());
        answer.set("latency_frames", processor.latency_frames());
        return answer;
    }

    Record play_block(const OpenPlugin& plugin) {
        auto block = memory_->read();
        const bool playing = block.transport.playing;
        block.transport = timeline_->at(block.transport.frame);
        block.transport.playing = playing;
        block.timeline = &*timeline_;
        set_host_clock(block.transport.seconds);
        auto& processor = plugin.processor;
        memory_->write_outputs(processor.process(block), block.frames);
        if (auto* meters = processor.meters()) memory_->write_meters(meters->meter_values());
        return Record("{\"status\":\"ok\"}");
    }

 private:
    std::optional<BlockMemory> memory_;
    TimeMap time_map_;  // as that of a LiveScore
    std::optional<Timeline> timeline_;
};

Record hand_over_sound(const OpenPlugin& plugin, const Record& /*request*/, Asker& asker) {
    asker.note("giving its state");
    const auto bytes = hand_over(plugin.processor).bytes();
    write_all(asker.open_output().fd.get(), bytes, "the state");
    asker.note("playing");
    return Record("{\"status\":\"ok\"}");
}

Record take_over_sound(const OpenPlugin& plugin, const Record& /*request*/, Asker& asker) {
    asker.note("taking over the state");
    const auto bytes =
        read_all_of(asker.take_input(state_role).fd.get(), largest_sound, "the state");
    auto answer = take_over(plugin.processor, HandOver::of_bytes(bytes)).fields();
    answer.set("status", "ok");
    answer.set("latency_frames", plugin.processor.latency_frames());
    asker.note("playing");
    return answer;
}

Record value_of_text(const OpenPlugin& plugin, const Record& request, Asker& /*asker*/) {
    const auto index = static_cast<std::size_t>(request.integer("parameter").value_or(0));
    Record answer("{\"status\":\"ok\"}");
    answer.set("value", normalised_value(plugin.processor, index, request.text("text").value_or(""),
                                         "value"));
    return answer;
}

Record reset(const OpenPlugin& plugin, const Record& /*request*/, Asker& /*asker*/) {
    plugin.processor.settle();
    return Record("{\"status\":\"ok\"}");
}

}  // namespace

OwnRequests generation_requests() {
    const auto server = std::make_shared<GenerationServer>();
    const auto going_on = [](auto answer) { return OwnRequest{.answer = answer, .goes_on = true}; };
    return {
        {begin_verb,
         going_on([server](const OpenPlugin& plugin, const Record& request, Asker& asker) {
             return server->begin(plugin, request, asker);
         })},
        {block_verb, going_on([server](const OpenPlugin& plugin, const Record& /*request*/,
                                       Asker& /*asker*/) { return server->play_block(plugin); })},
        {hand_over_verb, going_on(hand_over_sound)},
        {take_over_verb, going_on(take_over_sound)},
        {value_verb, going_on(value_of_text)},
        {reset_verb, going_on(reset)}};
}

}  // namespace patchpipe
