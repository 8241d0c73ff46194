// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "job/provenance.h"

#include <algorithm>

#include "base/json.h"
#include "base/number.h"
#include "catalog/preset_file.h"
#include "file/content_hash.h"
#include "midi/midi_file.h"
#include "record/settings.h"
#include "serum/serum.h"
#include "serum/serum_rules.h"

namespace patchpipe {
namespace {

// Of a job, or of a link of its chain.
template <typename Settings>
SoundFiles read_sound_files(const Settings& settings) {
    SoundFiles files;
    if (settings.state_path) {
        files.state_hash = file_hash(*settings.state_path, largest_serum_file);
    } else if (settings.preset_path) {
        auto preset = identify_preset(*settings.preset_path, preset_choice(settings));
        files.preset_format = std::move(preset.format);
        files.preset_hash = std::move(preset.hash);
        files.plugins = std::move(preset.plugins);
    }
    return files;
}

void set_sound_files(Record& made, const SoundFiles& files) {
    if (!files.state_hash.empty()) made.set("state_hash", files.state_hash);
    if (files.preset_hash.empty()) return;
    made.set("preset_hash", files.preset_hash);
    if (files.preset_format == "serum2") made.set("serum_rules", serum_rules_version);
}

}  // namespace

JobFiles read_job_files(const RenderJob& job) {
    if (job.input_path && job.sidechain_path && JobInput::is_stdin(*job.input_path) &&
        JobInput::is_stdin(*job.sidechain_path))
        throw Error(ErrorKind::bad_record, "sidechain_path",
                    "is standard input, as input_path is; put one of them into a file");
    JobFiles files;
    files.sound = read_sound_files(job);
    for (const auto& link : job.chain) try {
            files.chain.push_back(read_sound_files(link));
        } catch (const Error& error) {
            const auto entry = std::to_string(files.chain.size() + 1);
            throw Error(error.kind(), "chain: entry " + entry, error.what());
        }
    if (job.midi_path) files.midi_hash = file_hash(*job.midi_path, largest_midi_file);
    if (job.input_path) files.input = std::make_shared<JobInput>(*job.input_path, job.sample_rate);
    if (job.sidechain_path)
        files.side_chain = std::make_shared<JobInput>(*job.sidechain_path, job.sample_rate);
    return files;
}

namespace {

// Only what differs from the defaults is in it, so that files from before the fields were known
// count as made from the same.
void set_tempo(Record& made, const RenderJob& job) {
    const auto [numerator, denominator] = job.time_signature;
    if (job.tempo != parse_number(setting("tempo").default_json)) made.set("tempo", job.tempo);
    if (numerator != 4 || denominator != 4)
        made.set("time_signature", std::to_string(numerator) + "/" + std::to_string(denominator));
}

void set_tail(Record& made, const RenderJob& job) {
    if (!job.auto_tail) return made.set("tail", job.tail);
    made.set("tail", "auto");
    made.set("tail_threshold", job.auto_tail->threshold);
    made.set("tail_hold", job.auto_tail->hold);
    made.set("tail_max", job.tail);
}

// A long list is in it as its hash: a file has room for a note only.
void set_list(Record& made, std::string_view key, const std::string& json) {
    constexpr std::size_t longest = 16384;
    if (json.size() <= longest)
        made.set_json(key, json);
    else
        made.set(key, content_hash(json));
}

// What a job, or a link of its chain, sets its plug-in to.
template <typename Settings>
void set_sound(Record& made, const Settings& settings, const SoundFiles& files) {
    set_sound_files(made, files);
    if (settings.state_path && settings.raw_state)
        made.set("raw_state", static_cast<int>(*settings.raw_state));
    // With a preset that is not a bank it only says where the preset comes from.
    const bool in_use = !settings.preset_path || files.preset_format == "fxb";
    if (settings.program && !settings.state_path && in_use) set_program(made, *settings.program);
    if (!settings.parameters.empty())
        set_list(made, "parameters", parameters_json(settings.parameters));
    if (!settings.automation.empty())
        set_list(made, "automation", automation_json(settings.automation));
}

// The tags that do not follow from the rest: of these the file is made too.
void set_tags(Record& made, const RenderJob& job) {
    constexpr int none = -1;
    const bool plays_note = !job.midi_path && !job.input_path;
    Record tags("{}");
    for (const auto& field : job.tags.fields)
        if (field.name != "VELOCITY" || !plays_note || field.value != std::to_string(job.velocity))
            tags.set(field.name, field.value);
    const auto note = job.tags.sampled ? job.tags.sampled->note : none;
    if (note != (plays_note ? job.note : none)) tags.set("NOTE", note);
    if (!tags.keys().empty()) set_list(made, "tags", tags.line());
}

std::string chain_json(const RenderJob& job, const JobFiles& files) {
    std::string json;
    for (std::size_t i = 0; i < job.chain.size(); ++i) {
        Record link("{}");
        set_sound(link, job.chain[i], files.chain[i]);
        if (job.chain[i].wet != 1) link.set("wet", job.chain[i].wet);
        if (job.chain[i].bypass) link.set("bypass", true);
        json += (json.empty() ? "" : ",") + link.line();
    }
    return "[" + json + "]";
}

bool has_automation(const RenderJob& job) {
    return !job.automation.empty() ||
           std::any_of(job.chain.begin(), job.chain.end(),
                       [](const auto& link) { return !link.automation.empty(); });
}

}  // namespace

std::string provenance(const RenderJob& job, const JobFiles& files, const std::string& plugin_hash,
                       const RenderWay& way) {
    Record made("{\"made_by\":\"patchpipe\"}");  // see provenance_begin
    made.set("plugin_hash", plugin_hash);
    set_sound(made, job, files.sound);
    if (files.input) made.set("input_hash", files.input->hash());
    if (files.side_chain) made.set("sidechain_hash", files.side_chain->hash());
    if (job.midi_path) {
        made.set("midi_hash", files.midi_hash);
        made.set("midi_duration", job.midi_duration);
    } else if (files.input) {
        set_tempo(made, job);
    } else {
        made.set("note", job.note);
        made.set("velocity", job.velocity);
        made.set("duration", job.duration);
        set_tempo(made, job);
    }
    set_tail(made, job);
    if (!job.chain.empty()) set_list(made, "chain", chain_json(job, files));
    if (job.all_buses) made.set("output_buses", "all");
    if (job.track_channels) made.set("track_channels", *job.track_channels);
    if (has_automation(job)) made.set("control_interval", job.control_interval);
    made.set("sample_rate", job.sample_rate);
    made.set("block_size", job.block_size);
    made.set("bit_depth", depth_name(job.depth));
    if (job.quality && has_quality(job.container)) made.set("quality", *job.quality);
    if (job.bitrate && has_bitrate(job.container)) made.set("bitrate", *job.bitrate);
    set_tags(made, job);
    if (way.reuses_plugin) made.set("isolation", "reuse");
    if (way.real_clock) made.set("clock", "real");
    return made.line();
}

}  // namespace patchpipe
