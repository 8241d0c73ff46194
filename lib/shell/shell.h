// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The plug-in patchpipe-shell without the plug-in's format: it carries a code into a host, and
// exchanges it for the next build when its files have changed. Hosts call it from several threads:
// process() from that of the audio, which never waits; reset() and the values of the slots from
// any; the others from those that may wait. What a host asks for during a reload happens after it.
//
// A new build is opened while the old one plays. Then the old one is asked for its sound, the new
// one takes it over, and the audio thread fades to it.
#pragma once

#include <atomic>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/error.h"
#include "record/record.h"
#include "shell/code.h"
#include "shell/shell_state.h"
#include "shell/slots.h"
#include "shell/stage.h"

namespace patchpipe {

/// What a host prepares for.
struct ShellSettings {
    BlockSettings blocks{.sample_rate = 44100, .block_size = 1024, .live = true};
    std::size_t outputs = 2;  ///< channels of the host

    bool operator==(const ShellSettings&) const = default;
};

/// For people, and for a host's list of parameters.
struct ShellStatus {
    std::string plugin_path;  ///< empty if none was chosen
    std::string code;         ///< the name of what plays; empty if nothing does
    std::string message;      ///< the last thing that happened, in a sentence
    bool is_error = false;    ///< of the message
    std::vector<MeterName> meters;
    int latency_frames = 0;
    std::optional<double> tail_frames = 0;
};

class Shell {
 public:
    /// told is called with a record of each thing that happens, on the thread where it happens: the
    /// parameters, the latency and the status may have changed.
    explicit Shell(std::function<void(const Record&)> told);
    ~Shell();
    Shell(const Shell&) = delete;
    Shell& operator=(const Shell&) = delete;

    /// Loads what find_source() takes, with its own initial sound; empty for nothing. A relative
    /// path is meant from PWD. What goes wrong is in the status, and the files are watched until it
    /// goes right.
    void load(const std::string& plugin_path);

    /// Another rate or other blocks load the same build again, with the sound that it has.
    void prepare(const ShellSettings& settings);

    void process(const HostBlock& block) { stage_.process(block); }
    void reset() { stage_.reset(); }

    /// What a host keeps. A state that could not be loaded is given back as it was.
    [[nodiscard]] std::string state();
    /// What state() gave, with the code that it names. Bytes that are none change nothing but the
    /// status.
    void set_state(std::string_view bytes);

    [[nodiscard]] SlotValue& slot(std::size_t index) { return stage_.values()[index]; }
    /// The parameter in that slot; nothing if the code has none there.
    [[nodiscard]] std::optional<Parameter> parameter(std::size_t slot) const;
    /// What the slot shows at that value; empty if there is no parameter.
    [[nodiscard]] std::string text(std::size_t slot, float value) const;
    /// The value that such a text means.
    [[nodiscard]] std::optional<float> value_of(std::size_t slot, const std::string& text);

    [[nodiscard]] ShellStatus status() const;
    [[nodiscard]] const Stage& stage() const { return stage_; }

    /// To be called now and then on a thread that may wait: destroys builds that play no more, and
    /// notes what failed.
    void clean_up();

 private:
    // A thread that watches the files of a code. In a process that was forked from that of the
    // thread there is none, and nothing to stop.
    class Watch {
     public:
        explicit Watch(std::function<void(const std::stop_token&)> work);
        ~Watch();
        Watch(const Watch&) = delete;
        Watch& operator=(const Watch&) = delete;
        void stop();
        [[nodiscard]] bool has_ended() const { return ended_; }

     private:
        std::atomic<bool> ended_{false};
        std::jthread thread_;
        int process_;
    };

    void choose(const std::string& plugin_path, const std::optional<HandOver>& sound);
    [[nodiscard]] Code open_chosen(const std::stop_token& stop);
    void watch(const std::string& taken);
    void reload(const std::stop_token& stop);
    void play(Code code, const std::optional<HandOver>& sound);
    [[nodiscard]] Record go_over_to(Code code);
    void change(Code code, bool goes_on, bool sounds);
    void stop_playing();
    [[nodiscard]] HandOver sound_now();
    [[nodiscard]] HandOver sound_of_slots() const;
    void set_news(Processor& processor);
    void note_failure(const std::exception_ptr& failure);
    void tell(Record record, const std::string& message);
    void tell_error(std::string_view event, const Error& error);
    void tell_loading();
    void tell_loaded(std::string_view event, std::string_view word, Record record);

    std::function<void(const Record&)> told_;
    Stage stage_;

    mutable std::mutex mutex_;  // for all below; never taken by the audio thread
    ShellSettings settings_;
    std::string plugin_path_;
    std::optional<std::string> kept_state_;  // as it came, while its code cannot be loaded
    Slots slots_;
    SlotIndices indices_{};
    Processor* processor_ = nullptr;      // the stage's; null while there is no code
    CodeFacts facts_;                     // of it, or of the one that failed
    HandOver taken_;                      // by the build that plays, without its state
    std::optional<HandOver> last_sound_;  // of what failed, for the next build
    HeldNotes notes_;
    ShellStatus status_;
    std::int64_t told_skipped_ = 0;
    std::list<Watch> watches_;  // the last one counts
};

}  // namespace patchpipe
