// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "job/render_job.h"

#include <fcntl.h>
#include <unistd.h>
#include <algorithm>

#include "audio/record_tags.h"
#include "base/closest.h"
#include "base/json.h"
#include "base/utf8.h"
#include "file/absolute.h"
#include "file/whole_file.h"
#include "names/characters.h"
#include "record/compile_options.h"
#include "record/settings.h"

namespace patchpipe {

namespace {

// Other programs open a file by its suffix, so the wrong one would make it unreadable to them.
void check_suffix(const std::string& path, const std::string& format) {
    const auto named = container_of_name(path);
    const auto wanted = container_named(format);
    if (!named || *named == wanted || container_name(*named) == suffix_of(wanted)) return;
    throw Error(ErrorKind::bad_record, "format",
                "is " + format + ", but the name of output_path ends in " +
                    path.substr(path.rfind('.')) + "; change one of them");
}

std::optional<double> optional_setting(const Record& record, std::string_view key) {
    if (!record.number(key)) return {};
    return number_setting(record, key);
}

std::optional<int> bitrate_of(const Record& record) {
    const auto bitrate = optional_setting(record, "bitrate");
    return bitrate ? std::optional(static_cast<int>(*bitrate)) : std::nullopt;
}

std::optional<int> track_channels_of(const Record& record) {
    const auto channels = optional_setting(record, "track_channels");
    if (!channels) return {};
    if (!record.raw("chain"))
        throw Error(ErrorKind::bad_record, "track_channels",
                    "are those of a chain, and the job has none; leave them out");
    return static_cast<int>(*channels);
}

// What the record says of the preset and of the note, and the tags that it wants. The plug-in's
// name is added when it is known.
AudioTags tags_of(const Record& record) {
    constexpr std::size_t longest = 256;
    AudioTags tags;
    const auto add = [&](std::string_view name, std::string_view key) {
        const auto text = record.text(key).value_or("");
        tags.set(name, cut_to(std::string_view(text).substr(0, text.find('\0')), longest));
    };
    add("TITLE", "preset_name");
    add("ARTIST", "preset_author");
    if (!record.text("midi_path") && !record.text("input_path")) {
        tags.set("VELOCITY", json_number(number_setting(record, "velocity")));
        tags.sampled = SampledNote{.note = static_cast<int>(number_setting(record, "note"))};
    }
    set_record_tags(tags, record);
    if (!tags.comment.empty())
        throw Error(ErrorKind::bad_record, "audio_tags",
                    "have a comment, where render-one writes its note; use another name");
    return tags;
}

}  // namespace

bool names_stdout(std::string_view path) {
    return path == "-" || named_descriptor(path) == STDOUT_FILENO;
}

void check_output_descriptor(std::string_view path) {
    const auto fd = named_descriptor(path);
    if (!fd || *fd == STDOUT_FILENO) return;
    if (*fd == STDIN_FILENO || *fd == STDERR_FILENO)
        throw Error(ErrorKind::unsupported, path,
                    std::string("is standard ") + (*fd == STDIN_FILENO ? "input" : "error") +
                        ", which is not for audio; /dev/stdout is");
    // The tool's own are closed on exec, and so none of those that it was started with.
    const int flags = fcntl(*fd, F_GETFD);
    if (flags < 0 || (flags & FD_CLOEXEC) != 0)
        throw Error(ErrorKind::not_found, path,
                    "render-one was not given this descriptor; open it, as in render-one " +
                        std::to_string(*fd) + ">out.wav");
}

namespace {

std::optional<RawState> raw_state(const Record& record) {
    const auto format = text_setting(record, "state_format");
    if (format.empty()) return {};
    return format == "raw"        ? RawState::any
           : format == "raw-bank" ? RawState::bank
                                  : RawState::program;
}

DspFields dsp_fields(const Record& record) {
    DspFields dsp{.compile_options = compile_options_of(record), .nvoices = {}};
    if (record.number("nvoices")) dsp.nvoices = static_cast<int>(number_setting(record, "nvoices"));
    return dsp;
}

// It would be an error about nothing later.
void refuse_empty_names(const Record& record) {
    for (const std::string_view key : {"preset_path", "preset_uri", "state_path", "midi_path",
                                       "input_path", "sidechain_path", "plugin_path"})
        if (record.path(key) == "")
            throw Error(ErrorKind::bad_record, key, "is empty; name something, or leave it out");
}

ChainLink link_in(const std::string& json, std::size_t number) try {
    if (!json.starts_with('{')) throw Error(ErrorKind::bad_record, "", "must be an object");
    const Record record(json);
    static const std::vector<std::string> known{"plugin_path",  "preset_path", "state_path",
                                                "state_format", "parameters",  "automation",
                                                "wet",          "bypass",      "preset_format",
                                                "preset_uri",   "program",     "compile_options",
                                                "nvoices"};
    for (const auto& key : record.keys())
        if (std::find(known.begin(), known.end(), key) == known.end())
            throw Error(ErrorKind::bad_record, key,
                        "is not a field of a link" + closest_words(known, key));
    refuse_empty_names(record);
    ChainLink link{.plugin_path = record.path("plugin_path").value_or(""),
                   .dsp = dsp_fields(record),
                   .preset_path = record.path("preset_path"),
                   .state_path = record.path("state_path"),
                   .raw_state = raw_state(record),
                   .preset_uri = record.text("preset_uri"),
                   .program = program_choice(record),
                   .parameters = read_parameters(record),
                   .automation = read_automation(record),
                   .wet = record.number("wet").value_or(1),
                   .bypass = record.flag("bypass").value_or(false)};
    if (link.plugin_path.empty()) throw Error(ErrorKind::bad_record, "plugin_path", "is missing");
    if (link.wet < 0 || link.wet > 1)
        throw Error(ErrorKind::bad_record, "wet", "must be 0 to 1, is " + json_number(link.wet));
    return link;
} catch (const Error& error) {
    throw Error(ErrorKind::bad_record, "chain",
                "entry " + std::to_string(number) + ": " + error.what());
}

std::vector<ChainLink> read_chain(const Record& record) {
    const auto raw = record.raw("chain");
    if (!raw) return {};
    const auto entries = json_elements(*raw);
    if (!entries)
        throw Error(ErrorKind::bad_record, "chain",
                    raw->starts_with('[') ? "has a number that a double cannot hold"
                                          : "must be a list of plug-ins");
    constexpr std::size_t most = 63;
    if (entries->size() > most)
        throw Error(ErrorKind::bad_record, "chain",
                    "has " + std::to_string(entries->size()) + " entries; at most " +
                        std::to_string(most) + " are possible");
    std::vector<ChainLink> chain;
    for (const auto& entry : *entries) chain.push_back(link_in(entry, chain.size() + 1));
    return chain;
}

}  // namespace

bool RenderJob::to_stdout() const { return names_stdout(output_path); }

RenderJob read_render_job(const Record& record) {
    refuse_empty_names(record);
    const auto whole = [&](std::string_view key) {
        return static_cast<int>(number_setting(record, key));
    };
    std::optional<AutoTail> auto_tail;
    if (has_word(record, "tail"))
        auto_tail = AutoTail{.threshold = number_setting(record, "tail_threshold"),
                             .hold = number_setting(record, "tail_hold")};
    RenderJob job{
        .preset_path = record.path("preset_path"),
        .state_path = record.path("state_path"),
        .midi_path = record.path("midi_path"),
        .plugin_path = record.path("plugin_path"),
        .dsp = dsp_fields(record),
        .raw_state = raw_state(record),
        .preset_format = record.text("preset_format"),
        .preset_uri = record.text("preset_uri"),
        .program = program_choice(record),
        .plugin_id = record.text("plugin_id"),
        .note = whole("note"),
        .velocity = whole("velocity"),
        .duration = number_setting(record, "duration"),
        .tail = number_setting(record, auto_tail ? "tail_max" : "tail"),
        .auto_tail = auto_tail,
        .tempo = number_setting(record, "tempo"),
        .time_signature = *parse_time_signature(text_setting(record, "time_signature")),
        .parameters = read_parameters(record),
        .automation = read_automation(record),
        .control_interval = whole("control_interval"),
        .input_path = record.path("input_path"),
        .sidechain_path = record.path("sidechain_path"),
        .all_buses = text_setting(record, "output_buses") == "all",
        .chain = read_chain(record),
        .track_channels = track_channels_of(record),
        .sample_rate = whole("sample_rate"),
        .block_size = whole("block_size"),
        .container = container_named(text_setting(record, "format")),
        .depth = depth_named(text_setting(record, "bit_depth")),
        .quality = optional_setting(record, "quality"),
        .bitrate = bitrate_of(record),
        .tags = tags_of(record),
        .output_path = record.path("output_path").value_or(""),
        .skip_existing = flag_setting(record, "skip_existing"),
        .require_change = flag_setting(record, "require_change"),
        .preset_name = record.text("preset_name").value_or(""),
    };
    check_container({.container = job.container,
                     .depth = job.depth,
                     .sample_rate = job.sample_rate,
                     .quality = job.quality,
                     .bitrate = job.bitrate});
    if (job.output_path.empty())
        throw Error(ErrorKind::bad_record, "output_path",
                    "is missing; assign-paths adds it, /dev/null renders without a file");
    check_suffix(job.output_path, text_setting(record, "format"));
    if (job.output_path == "-") job.output_path = "/dev/stdout";
    if (!job.midi_path) return job;
    if (!record.number("midi_duration"))
        throw Error(ErrorKind::bad_record, "midi_duration",
                    "is missing for midi_path; midi-duration adds it");
    job.midi_duration = number_setting(record, "midi_duration");
    return job;
}

RenderJob read_render_request(const Record& request) {
    auto job = read_render_job(request);
    job.input_duration = request.number("input_duration").value_or(0);
    job.provenance = request.text("provenance").value_or("");
    job.saves_preset = request.flag("saves_preset").value_or(false);
    job.repeatable = request.flag("repeatable").value_or(true);
    return job;
}

}  // namespace patchpipe
