// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A plug-in in a process of its own, set to a job's sound, that answers signals: samples out, with
// what it took to compute them.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "job/plugin_host.h"
#include "measure/faust_protocol.h"
#include "measure/response.h"
#include "measure/signal.h"
#include "record/record.h"

namespace patchpipe {

/// A function that the plug-in called while it processed audio (shown/realtime_calls.h).
struct PluginCall {
    std::string function, kind;
    std::int64_t count;
};

struct Answer {
    std::vector<float> samples;  ///< interleaved
    int channels = 0;
    std::int64_t latency_frames = 0;     ///< as reported
    double least_ns = 0, median_ns = 0;  ///< for a frame; 0 if there was no whole block
    std::vector<PluginCall> calls = {};  ///< if they were counted

    [[nodiscard]] Channels separated() const { return patchpipe::separated(samples, channels); }
};

/// Whether the calls of the plug-in are counted and denormal numbers kept, which takes time.
enum class Calls { uncounted, counted };

class SignalPlayer {
 public:
    /// settings' plug-in, rate and block size become the job's. The job's sound is loaded for every
    /// signal, in a child forked from the process with the open plug-in; a plug-in that keeps
    /// threads answers all signals in one process. Throws Error bad-record, and what opening it
    /// throws.
    SignalPlayer(HostSettings settings, const Record& job);

    /// What the plug-in is, as PluginHost::describe() says.
    [[nodiscard]] const Record& description() const { return description_; }
    [[nodiscard]] const HostSettings& settings() const { return settings_; }
    [[nodiscard]] bool sandboxed() const { return host_->sandboxed(); }

    /// Throws Error as PluginHost::play() does, and unsupported for more samples than fit into a
    /// gigabyte.
    [[nodiscard]] Answer play(const Signal& signal, Calls calls);
    /// The samples of a run of Faust's test, interleaved.
    [[nodiscard]] std::vector<double> play(FaustRun run);

 private:
    struct Played {
        Record fields;  // what the plug-in's process says of it
        int channels;
    };
    template <typename Sample>
    Played ask(const Record& request, std::int64_t frames, std::vector<Sample>& samples);

    HostSettings settings_;
    Record job_;
    std::unique_ptr<PluginHost> host_;
    Record description_{"{}"};
};

}  // namespace patchpipe
