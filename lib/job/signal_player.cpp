// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "job/signal_player.h"

#include <unistd.h>
#include <cerrno>
#include <utility>

#include "base/error.h"
#include "base/json.h"
#include "file/absolute.h"
#include "file/nameless_file.h"
#include "job/render_job.h"
#include "job/select_program.h"
#include "plugin/opener.h"

namespace patchpipe {
namespace {

// All plug-ins of the job as one operand.
std::string plugin_of(const RenderJob& job) {
    if (job.chain.empty() && job.plugin_path) return *job.plugin_path;
    if (job.chain.empty())
        throw Error(ErrorKind::bad_record, "plugin_path", "is missing, and so is --plugin");
    std::string list = job.plugin_path ? json_text(*job.plugin_path) : "";
    for (const auto& link : job.chain)
        list += (list.empty() ? "" : ",") + json_text(link.plugin_path);
    return "[" + list + "]";
}

// A plug-in may change the current folder of its process.
Record with_whole_paths(Record job) {
    for (const auto* key : {"preset_path", "state_path"})
        if (const auto path = job.path(key)) job.set(key, absolute_path(*path));
    return job;
}

std::unique_ptr<PluginHost> open_host(HostSettings settings) {
    settings.answering = Answering::forked;
    auto host = std::make_unique<PluginHost>(settings);
    if (!host->has_threads() && !host->unforkable()) return host;
    host.reset();
    settings.answering = Answering::itself;
    return std::make_unique<PluginHost>(settings);
}

// Some plug-ins know only the name of the selected program.
int program_number(PluginHost& host, const std::string& name, const std::string& plugin) {
    std::vector<std::string> names;
    const auto fields = host.describe({.programs = true});
    const auto list = json_elements(fields.raw("programs").value_or("[]"));
    for (const auto& json : list.value_or(std::vector<std::string>()))
        names.push_back(Record("{\"name\":" + json + "}").text("name").value_or(""));
    return program_named(names, name, plugin);
}

// The samples that the plug-in's process wrote, which must be as many as were wanted.
template <typename Sample>
std::vector<Sample> read_samples(int fd, std::size_t count, const std::string& plugin) {
    std::vector<Sample> samples(count);
    auto* bytes = reinterpret_cast<char*>(samples.data());
    const auto size = count * sizeof(Sample);
    for (std::size_t done = 0; done < size;) {
        const auto got = pread(fd, bytes + done, size - done, static_cast<off_t>(done));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) throw Error(ErrorKind::io, "the samples", system_message(errno));
        if (got == 0) throw Error(ErrorKind::crash, plugin, "answered in our place");
        done += static_cast<std::size_t>(got);
    }
    return samples;
}

std::vector<PluginCall> calls_of(const Record& fields) {
    std::vector<PluginCall> calls;
    const auto list = json_elements(fields.raw("calls").value_or("[]"));
    for (const auto& json : list.value_or(std::vector<std::string>())) {
        const Record call(json);
        calls.push_back({call.text("function").value_or(""), call.text("kind").value_or(""),
                         call.integer("count").value_or(0)});
    }
    return calls;
}

}  // namespace

SignalPlayer::SignalPlayer(HostSettings settings, const Record& job)
    : settings_(std::move(settings)), job_(with_whole_paths(job)) {
    const auto read = read_render_job(job_);
    settings_.plugin_path = find_source(plugin_of(read)).identifier;
    settings_.sample_rate = read.sample_rate;
    settings_.block_size = read.block_size;
    host_ = open_host(settings_);
    description_ = host_->describe({});
    const bool names_program = read.program && !read.program->number && !read.preset_path &&
                               !read.state_path && read.chain.empty();
    if (names_program)
        job_.set("program", program_number(*host_, read.program->name, settings_.plugin_path));
}

Answer SignalPlayer::play(const Signal& signal, Calls calls) {
    auto request = job_;
    request.set_json("signal", signal_record(signal).line());
    request.set("counted", calls == Calls::counted);
    Answer answer;
    const auto [fields, channels] = ask(request, signal.frames, answer.samples);
    answer.channels = channels;
    answer.latency_frames = fields.integer("latency_frames").value_or(0);
    answer.least_ns = fields.number("least_ns").value_or(0);
    answer.median_ns = fields.number("median_ns").value_or(0);
    answer.calls = calls_of(fields);
    return answer;
}

std::vector<double> SignalPlayer::play(FaustRun run) {
    auto request = job_;
    request.set("faust_run", static_cast<int>(run));
    std::vector<double> samples;
    (void)ask(request, faust_run_frames, samples);
    return samples;
}

template <typename Sample>
SignalPlayer::Played SignalPlayer::ask(const Record& request, std::int64_t frames,
                                       std::vector<Sample>& samples) {
    constexpr std::int64_t most_samples = (std::int64_t{1} << 30) / sizeof(Sample);
    const auto channels = description_.integer("channels").value_or(0);
    if (channels < 0 || (channels > 0 && frames > most_samples / channels))
        throw Error(ErrorKind::unsupported, settings_.plugin_path,
                    "gives too much for a measurement: " + std::to_string(channels) +
                        " channels of " + std::to_string(frames) + " frames; give less --length");
    const auto file = nameless_file();
    auto fields = host_->play(request, settings_.load_timeout, file.get());
    if (fields.integer("channels") != channels)
        throw Error(ErrorKind::unsupported, settings_.plugin_path,
                    "changed its number of channels with the preset");
    samples = read_samples<Sample>(file.get(), static_cast<std::size_t>(channels * frames),
                                   settings_.plugin_path);
    return {std::move(fields), static_cast<int>(channels)};
}

}  // namespace patchpipe
