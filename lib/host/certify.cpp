// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/certify.h"

#include <algorithm>
#include <memory>
#include <vector>

namespace patchpipe {
namespace {

using Clock = std::chrono::steady_clock;
using Jobs = std::vector<ProbeNote>;
using Hashes = std::vector<std::string>;  // of the jobs' audio; empty for a job that failed

// With programs to choose from every job selects one: in the same process too, a job then says all
// that it wants to hear.
Jobs jobs_for(int programs) {
    const int most = std::min(programs, 8);
    Jobs jobs;
    for (const int velocity : {127, 32, 80})
        for (const int note : {48, 36, 72, 60}) {
            const auto number = static_cast<int>(jobs.size());
            ProbeNote job{{}, note, velocity};
            if (programs > 1)
                job.program = static_cast<int>(std::int64_t{number % most} * programs / most);
            jobs.push_back(job);
        }
    return jobs;
}

HostSettings with(HostSettings settings, Isolation isolation) {
    settings.snapshot = isolation == Isolation::snapshot;
    return settings;
}

// Renders the jobs one after the other; stands for a standing host or for many.
class Player {
 public:
    Player(const HostSettings& settings, Isolation isolation)
        : settings_(with(settings, isolation)), isolation_(isolation) {
        if (isolation_ != Isolation::process) host_ = std::make_unique<HostProcess>(settings_);
    }

    std::string play(const ProbeNote& job) {
        if (isolation_ == Isolation::process) return HostProcess(settings_).probe(job);
        return host_->probe(job);
    }

 private:
    HostSettings settings_;
    Isolation isolation_;
    std::unique_ptr<HostProcess> host_;
};

// The audio of each job when they are played in this order.
Hashes play_all(Player& player, const Jobs& jobs, bool backwards, Trial& trial) {
    Hashes hashes(jobs.size());
    const auto start = Clock::now();
    for (std::size_t i = 0; i < jobs.size(); ++i, ++trial.rendered) {
        const auto job = backwards ? jobs.size() - 1 - i : i;
        hashes[job] = player.play(jobs[job]);
    }
    trial.time += Clock::now() - start;
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

Certificate certify(const HostSettings& settings, int programs) {
    const auto jobs = jobs_for(programs);
    Hashes reference;
    Certificate certificate;
    certificate.jobs = static_cast<int>(jobs.size());
    certificate.process = try_processes(settings, jobs, reference);
    certificate.snapshot = try_out(settings, jobs, Isolation::snapshot, reference);
    certificate.reuse = try_out(settings, jobs, Isolation::reuse, reference);
    return certificate;
}

}  // namespace patchpipe
