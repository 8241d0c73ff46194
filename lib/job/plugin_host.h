// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// An isolated process with a plug-in in it, seen from the tool: jobs, probes and questions in,
// and results, or an error that explains the end, out.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "isolation/isolated_process.h"
#include "job/job_input.h"
#include "job/job_output.h"
#include "record/record.h"

namespace patchpipe {

struct HostSettings {
    std::string plugin_path;
    int sample_rate = 44100, block_size = 512;  ///< a job has its own (settings.h)
    Answering answering = Answering::forked;
    std::string home;            ///< the folder that the plug-in sees as the user's; empty: theirs
    bool plugin_output = false;  ///< let what the plug-in prints through to standard error
    bool all_outputs = false;    ///< jobs want them
    bool side_chain = false;     ///< jobs have one
    bool real_clock = false;     ///< show the plug-in the real time (shown/clock.h)
    SandboxSettings sandbox = {};
    std::optional<std::int64_t> max_memory = {};  ///< MiB that a process may take
    std::chrono::milliseconds load_timeout = default_load_timeout;
    std::string lv2_folder = {};  ///< of all LV2 bundles; empty: those of LV2_PATH
    std::function<void(int pidfd)> started = [](int) {};  ///< as in IsolationSettings
};

/// A short render by which two ways of rendering are compared.
struct Probe {
    std::optional<int> program = {};             ///< to select, save and load first
    std::optional<std::string> preset = {};      ///< path of a preset to load first
    std::optional<std::string> preset_uri = {};  ///< which one of those in an LV2 bundle
    bool moved = false;  ///< first load a state in which the parameters were moved
    std::optional<int> note = {}, velocity = {};  ///< a short note; else two notes that overlap
};

struct ProbeResult {
    /// Threads that only look whether there is work use less.
    static constexpr double most_idle_ms = 1;

    std::string audio_hash;
    double thread_ms;  ///< processor time that the plug-in's own threads used after a load

    /// True if the plug-in's own threads did something with the preset or state that was loaded.
    [[nodiscard]] bool threads_worked() const { return thread_ms > most_idle_ms; }
};

/// What of a description takes a while, and is left out unless it is wanted.
struct DescriptionParts {
    bool parameters = false, programs = false;
    bool details = false;  ///< what only its kind has (Processor::details())
};

/// A program of the plug-in as a preset file.
struct ExportedProgram {
    std::string name;    ///< as the plug-in has it
    std::string suffix;  ///< of the preset file: ".fxp", ".vstpreset"
    std::string bytes;
};

class PluginHost {
 public:
    /// Starts the process and waits until the plug-in is open. Throws as IsolatedProcess does.
    explicit PluginHost(const HostSettings& settings);

    /// The fields of the job's result, or of an error, as one record. Throws Error crash or timeout
    /// if the process ended over it; it is of no use then. The process gets the job's file open and
    /// cannot open it itself; the file has its name when this returns, unless that is an error, as
    /// it is if the file has not the audio that the answer claims or the job asks for.
    [[nodiscard]] Record render(const Record& job, std::chrono::milliseconds timeout,
                                JobOutput& output, const HeardFiles& heard = {});

    /// Plays a probe. Throws as render() does, and Error for what goes wrong in rendering.
    [[nodiscard]] ProbeResult probe(const Probe& probe = {});

    /// Loads the job's preset or state and renders nothing. True if the plug-in's own threads did
    /// something with it. Throws as probe() does.
    [[nodiscard]] bool needs_threads(const Record& job, std::chrono::milliseconds timeout);

    /// Loads the job's preset or state and sets its parameters, for what is asked next: that
    /// process must answer itself. Throws as probe() does.
    void load(const Record& job);

    /// What the plug-in is (describe.h). Throws as probe() does.
    [[nodiscard]] Record describe(const DescriptionParts& parts);

    /// Plays what the request says (plugin_requests.h) and writes the samples to the file fd. What
    /// the file holds is the plug-in's word, as the fields are. Throws as probe() does.
    [[nodiscard]] Record play(const Record& request, std::chrono::milliseconds timeout, int fd);

    /// Selects a program and saves it. Throws as probe() does.
    [[nodiscard]] ExportedProgram export_program(int program);

    /// The answer to a request of plugin_handler.h's OwnRequests. Its fields are what the process
    /// wrote: take over only those that are known. Throws as probe() does.
    [[nodiscard]] Record ask(std::string_view verb, const Record& request,
                             std::chrono::milliseconds timeout, const RequestFiles& files = {});

    /// Ends the process, from any thread: what it is asked then throws Error crash.
    void kill() const { process_.kill(); }

    [[nodiscard]] bool ended() const { return process_.ended(); }

    /// As IsolatedProcess::ready().
    [[nodiscard]] bool ready() { return process_.ready(); }

    /// As IsolatedProcess::rewinds().
    [[nodiscard]] bool rewinds() const { return process_.rewinds(); }

    /// As IsolatedProcess::unforkable().
    [[nodiscard]] std::optional<std::string> unforkable() const { return process_.unforkable(); }

    /// False if the plug-in may do what the user may.
    [[nodiscard]] bool sandboxed() const { return process_.sandboxed(); }

    /// What makes it faster to open the plug-in again (Processor::code_to_keep()), if it gave that.
    [[nodiscard]] std::optional<std::string> code_to_keep() const {
        return process_.opened().text("code");
    }

    /// True if the plug-in keeps threads, which its forked children do not have.
    [[nodiscard]] bool has_threads() const { return has_threads_; }

 private:
    [[nodiscard]] Record ask_process(std::string_view verb, const Record& request,
                                     std::chrono::milliseconds timeout, RequestFiles files);
    [[nodiscard]] Record known(const Record& answer, Record (*take)(const Record&)) const;
    void note_sandbox(Record& fields) const;

    HostSettings settings_;
    IsolatedProcess process_;
    bool has_threads_;
};

}  // namespace patchpipe
