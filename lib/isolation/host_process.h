// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A host process seen from the tool that starts it: jobs in, results or a well-worded end out. A
// crash or a hang of the plug-in ends only the process.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "base/descriptor.h"
#include "isolation/channel.h"
#include "isolation/child.h"
#include "isolation/last_words.h"
#include "isolation/sandbox.h"
#include "isolation/temporary_folder.h"
#include "job/job_output.h"
#include "record/record.h"

namespace patchpipe {

struct HostSettings {
    std::string plugin_path;
    int sample_rate = 44100, block_size = 512;
    bool snapshot = true;        ///< a forked child for every job, else all in the process itself
    std::string home;            ///< the folder that the plug-in sees as the user's; empty: theirs
    bool plugin_output = false;  ///< let what the plug-in prints through to standard error
    bool real_clock = false;     ///< show the plug-in the real time (shown/clock.h)
    SandboxSettings sandbox = {};
    std::optional<std::int64_t> max_memory = {};  ///< MiB that a process may take
    std::chrono::milliseconds load_timeout{60000};
};

/// What is played to compare ways of rendering.
struct Probe {
    std::optional<int> program = {};         ///< to select, save and load first
    std::optional<std::string> preset = {};  ///< path of a preset to load first
    bool moved = false;  ///< first load a state in which the parameters were moved
    std::optional<int> note = {}, velocity = {};  ///< a short note; else two notes that overlap
};

struct ProbeResult {
    std::string audio_hash;
    double thread_ms;  ///< processor time that the plug-in's own threads used after a load

    /// True if the plug-in's own threads did something with the preset or state that was loaded.
    [[nodiscard]] bool threads_worked() const { return thread_ms > 1; }
};

/// Host processes are started through /proc, and need some descriptors. Throws UsageError where
/// /proc is not mounted or the limit of open files is too low.
void require_system();

class HostProcess {
 public:
    /// Starts it, with address randomisation off and huge pages for malloc: plug-ins that seed
    /// from addresses repeat, and fork stays cheap. Waits until the plug-in is open. Throws Error
    /// with the reason if it cannot be opened, crash or timeout. With SandboxMode::automatic a
    /// plug-in that cannot be opened in the sandbox is opened without it.
    explicit HostProcess(const HostSettings& settings);
    ~HostProcess();  ///< ends the process, and what the plug-in has started
    HostProcess(const HostProcess&) = delete;
    HostProcess& operator=(const HostProcess&) = delete;

    /// The fields of the job's result, or of an error, as one record. Throws Error crash or timeout
    /// if the process ended over it; it is of no use then. What the plug-in printed before it died,
    /// hung or could not be loaded stands in the error, unless it was let through.
    /// The process gets the job's file open and cannot open it itself; it has its name when this
    /// returns, unless that is an error.
    [[nodiscard]] Record render(const Record& job, std::chrono::milliseconds timeout,
                                JobOutput& output);

    /// Plays a probe. Throws as render() does, and Error for what goes wrong in rendering.
    [[nodiscard]] ProbeResult probe(const Probe& probe = {});

    /// Loads the job's preset or state and renders nothing. True if the plug-in's own threads did
    /// something with it. Throws as probe() does.
    [[nodiscard]] bool needs_threads(const Record& job, std::chrono::milliseconds timeout);

    /// What the plug-in says of itself (describe.h), with all parameters and program names if they
    /// are wanted. Throws as probe() does.
    [[nodiscard]] Record describe(bool parameters, bool programs);

    [[nodiscard]] bool ended() const { return ended_; }

    /// False if the plug-in may do what the user may.
    [[nodiscard]] bool sandboxed() const { return sandboxed_; }

    /// True if the plug-in keeps threads, which its forked children do not have.
    [[nodiscard]] bool has_threads() const { return has_threads_; }

 private:
    void start();
    void note_sandbox(Record& fields) const;
    [[nodiscard]] Record ask(std::string_view message, std::chrono::milliseconds timeout,
                             std::chrono::milliseconds grace, JobOutput* output = nullptr);
    [[nodiscard]] Transfer send_output(JobOutput& output, Deadline deadline);
    [[nodiscard]] Transfer receive_answer(std::string& answer, Deadline deadline);
    [[noreturn]] void end(bool hung, std::chrono::milliseconds timeout);
    [[nodiscard]] Peer peer() { return {socket_.get(), process_->pidfd(), &words_}; }
    [[nodiscard]] Error with_last_words(const Error& error);

    HostSettings settings_;
    SharedBoard board_;
    LastWords words_;
    Descriptor socket_;
    std::optional<TemporaryFolder> temporary_;  // goes after the process
    std::optional<Child> process_;
    bool sandboxed_, ended_ = false, has_threads_ = false;
};

}  // namespace patchpipe
