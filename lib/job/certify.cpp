// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "job/certify.h"

#include <algorithm>
#include <memory>
#include <vector>

namespace patchpipe {
namespace {

using std::chrono::steady_clock;
using Jobs = std::vector<Probe>;
using Hashes = std::vector<std::string>;  // of the jobs' audio; empty for a job that failed

// The index in a list of the item with this number, when `most` items are spread evenly over it.
std::size_t spread(std::size_t number, std::size_t most, std::size_t size) {
    const auto taken = std::min(most, size);
    return number % taken * size / taken;
}

// Each job loads something, so that in the same process too it depends on its own preset only.
Jobs jobs_for(int programs, const std::vector<CertifyPreset>& presets) {
    constexpr std::size_t most_programs = 8, most_presets = 12;
    Jobs jobs;
    for (const int velocity : {127, 32, 80})
        for (const int note : {48, 36, 72, 60}) {
            const auto number = jobs.size();
            Probe job{.note = note, .velocity = velocity};
            if (!presets.empty()) {
                const auto& preset = presets[spread(number, most_presets, presets.size())];
                job.preset = preset.path;
                job.preset_uri = preset.uri;
            } else if (programs > 1)
                job.program = static_cast<int>(
                    spread(number, most_programs, static_cast<std::size_t>(programs)));
            else
                job.moved = number % 2 == 1;
            jobs.push_back(job);
        }
    return jobs;
}

HostSettings with(HostSettings settings, Isolation isolation) {
    settings.answering = isolation == Isolation::snapshot ? Answering::rewound
                         : isolation == Isolation::fork   ? Answering::forked
                                                          : Answering::itself;
    return settings;
}

// Renders the jobs one after the other, in one host or in a fresh one for each.
class Player {
 public:
    Player(const HostSettings& settings, Isolation isolation)
        : settings_(with(settings, isolation)), isolation_(isolation) {
        if (isolation_ == Isolation::process) return;
        host_ = std::make_unique<PluginHost>(settings_);
        if (const auto why = host_->unforkable())
            throw Error(ErrorKind::unsupported, settings_.plugin_path, *why);
    }

    std::string play(const Probe& job) {
        if (isolation_ == Isolation::process) return PluginHost(settings_).probe(job).audio_hash;
        return host_->probe(job).audio_hash;
    }

    [[nodiscard]] bool rewinds() const { return host_ && host_->rewinds(); }

 private:
    HostSettings settings_;
    Isolation isolation_;
    std::unique_ptr<PluginHost> host_;
};

// The audio of each job when they are played in this order.
Hashes play_all(Player& player, const Jobs& jobs, bool backwards, Trial& trial) {
    Hashes hashes(jobs.size());
    const auto start = steady_clock::now();
    for (std::size_t i = 0; i < jobs.size(); ++i, ++trial.rendered) {
        const auto job = backwards ? jobs.size() - 1 - i : i;
        hashes[job] = player.play(jobs[job]);
    }
    trial.time += steady_clock::now() - start;
    return hashes;
}

// A trial ends at the first job that fails: what hangs once would hang for each of them.
Trial try_out(const HostSettings& settings, const Jobs& jobs, Isolation isolation,
              const Hashes& reference) {
    Trial trial;
    try {
        Player first(settings, isolation);
        const auto forwards = play_all(first, jobs, false, trial);
        Player second(settings, isolation);
        const auto backwards = play_all(second, jobs, true, trial);
        for (std::size_t i = 0; i < jobs.size(); ++i)
            if (forwards[i] == reference[i] && backwards[i] == reference[i]) ++trial.identical;
        trial.rewinds = first.rewinds() && second.rewinds();
    } catch (const Error& error) {
        trial.error = error.what();
    }
    return trial;
}

// The reference is the first pass; a plug-in that draws on the clock differs in the second.
Trial try_processes(const HostSettings& settings, const Jobs& jobs, Hashes& reference) {
    Trial trial;
    Player player(settings, Isolation::process);
    reference = play_all(player, jobs, false, trial);
    const auto again = play_all(player, jobs, true, trial);
    for (std::size_t i = 0; i < jobs.size(); ++i)
        if (again[i] == reference[i]) ++trial.identical;
    return trial;
}

}  // namespace

Certificate certify(const HostSettings& settings, int programs,
                    const std::vector<CertifyPreset>& presets) {
    const auto jobs = jobs_for(programs, presets);
    Hashes reference;
    Certificate certificate;
    certificate.jobs = static_cast<int>(jobs.size());
    certificate.process = try_processes(settings, jobs, reference);
    certificate.snapshot = try_out(settings, jobs, Isolation::snapshot, reference);
    certificate.fork = try_out(settings, jobs, Isolation::fork, reference);
    certificate.reuse = try_out(settings, jobs, Isolation::reuse, reference);
    return certificate;
}

}  // namespace patchpipe
