// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "job/job_score.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "audio/audio_input.h"
#include "file/offset.h"
#include "job/apply_parameters.h"
#include "job/job_sound.h"
#include "job/plugin_requests.h"
#include "midi/midi_file.h"
#include "render/chain.h"
#include "render/score.h"

namespace patchpipe {
namespace {

MidiSong read_song(const std::string& path, Asker& asker) {
    const auto file = asker.take_input(midi_role).fd;
    return parse_midi_file(read_all_of(file.get(), largest_midi_file, path), path);
}

Score events_of(const RenderJob& job, Asker& asker) {
    if (job.midi_path)
        return song_score(read_song(*job.midi_path, asker), job.midi_duration, job.tail,
                          job.sample_rate);
    Score score;
    if (!job.input_path)
        score = note_score({job.note, job.velocity, job.duration}, job.tail, job.sample_rate);
    const auto [numerator, denominator] = job.time_signature;
    score.time_map = steady_time(job.tempo, numerator, denominator);
    return score;
}

std::vector<Automation> automation_in(Processor& processor, const RenderJob& job) {
    const auto links = links_of(processor);
    const auto first = first_link(processor, job);
    const auto lanes_of = [&](std::size_t link, const auto& settings) {
        return naming_link(processor, link,
                           [&] { return automation_of(*links[link], settings, job.sample_rate); });
    };
    auto automation = lanes_of(0, job.automation);
    for (std::size_t i = 0; i < job.chain.size(); ++i)
        for (auto& lane : lanes_of(first + i, job.chain[i].automation)) {
            lane.parameter += processor.chain()->first_parameter(first + i);
            lane.delay = processor.chain()->latency_before(first + i);
            automation.push_back(std::move(lane));
        }
    return automation;
}

// Reads the file that was sent in that role; channels beyond those of the listener are left silent.
AudioSource audio_of(const RenderJob& job, const std::string& path, std::string_view role,
                     Asker& asker, const AudioListener& listener) {
    const auto input = std::make_shared<AudioInput>(
        std::make_unique<AudioReader>(asker.take_input(role).fd, path, Decoding::here),
        job.sample_rate, path, listener);
    return [input, count = static_cast<std::size_t>(listener.channels)](auto channels, int frames) {
        input->read(channels.first(std::min(count, channels.size())), frames);
    };
}

}  // namespace

Score job_score(const RenderJob& job, Processor& processor, Asker& asker) {
    auto score = events_of(job, asker);
    score.automation = automation_in(processor, job);
    score.control_interval = job.control_interval;
    const auto* chain = processor.chain();
    const auto& name = links_of(processor)[chain ? chain->first_heard() : 0]->info().name;
    const auto& side_chain = processor.info().side_chain;
    if (job.sidechain_path)
        score.side_chain = audio_of(job, *job.sidechain_path, side_chain_role, asker,
                                    {.channels = side_chain.channels,
                                     .name = processor.info().name,
                                     .in_side_chain = true});
    if (!job.input_path) return score;
    score.frames = frame_at(job.length(), job.sample_rate);
    const auto& info = processor.info();
    // Of a plug-in with one bus the side chain takes some of the inputs.
    const bool shares = job.sidechain_path && !job.track_channels;
    score.audio = audio_of(
        job, *job.input_path, input_role, asker,
        {.channels = shares ? std::min(side_chain.first, info.inputs) : info.inputs, .name = name});
    return score;
}

}  // namespace patchpipe
