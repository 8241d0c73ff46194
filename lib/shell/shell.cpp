// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "shell/shell.h"

#include <unistd.h>
#include <cmath>
#include <cstdlib>
#include <utility>

#include "base/json.h"
#include "base/real_time.h"
#include "base/words.h"
#include "file/absolute.h"
#include "plugin/dsp_operand.h"
#include "reload/alignment.h"
#include "reload/news.h"
#include "reload/plugin_files.h"
#include "watch/follow.h"

namespace patchpipe {
namespace {

constexpr double fade_seconds = 0.01;

// The files of what was chosen, also before they are there.
class ChosenFiles : public Followed {
 public:
    explicit ChosenFiles(std::string plugin_path) : plugin_path_(std::move(plugin_path)) {}

    std::string hash() override {
        if (!files_) try {
                files_.emplace(plugin_path_);
            } catch (const Error&) {
                return "";
            }
        return files_->hash();
    }
    std::vector<std::string> files() const override {
        if (files_) return files_->files();
        try {
            return {read_dsp_operand(plugin_path_).path};
        } catch (const Error&) {
            return {};
        }
    }

 private:
    std::string plugin_path_;
    std::optional<PluginFiles> files_;
};

class Waiting {
 public:
    explicit Waiting(Stage& stage) : stage_(stage) { stage_.set_waits(true); }
    ~Waiting() { stage_.set_waits(false); }
    Waiting(const Waiting&) = delete;
    Waiting& operator=(const Waiting&) = delete;

 private:
    Stage& stage_;
};

// The same with the path from the root: a state is read where the working folder is another one.
// PWD is the folder in which the host was started; many go into a plug-in's own to load it.
std::string absolute_operand(const std::string& operand) {
    if (operand.empty()) return "";
    auto dsp = read_dsp_operand(operand);
    const char* const started_in = std::getenv("PWD");
    if (started_in && *started_in == '/' && !dsp.path.starts_with('/'))
        dsp.path = std::string(started_in) + "/" + dsp.path;
    dsp.path = absolute_path(dsp.path);
    return dsp_operand(dsp);
}

}  // namespace

Shell::Watch::Watch(std::function<void(const std::stop_token&)> work)
    : thread_([this, work = std::move(work)](const std::stop_token& stop) {
          work(stop);
          ended_ = true;
      }),
      process_(getpid()) {}

Shell::Watch::~Watch() {
    if (thread_.joinable() && process_ != getpid()) (void)new std::jthread(std::move(thread_));
}

void Shell::Watch::stop() {
    if (process_ == getpid()) thread_.request_stop();
}

Shell::Shell(std::function<void(const Record&)> told) : told_(std::move(told)) {
    stage_.prepare({.sample_rate = settings_.blocks.sample_rate,
                    .block_size = settings_.blocks.block_size,
                    .outputs = settings_.outputs,
                    .fade_frames = 0});
}

Shell::~Shell() {
    for (auto& watch : watches_) watch.stop();
    watches_.clear();
    stop_playing();
}

void Shell::load(const std::string& plugin_path) {
    const std::lock_guard lock(mutex_);
    kept_state_.reset();
    slots_ = {};
    try {
        choose(absolute_operand(plugin_path), {});
    } catch (const Error& error) {
        tell_error("rejected", error);
    }
}

// From the files on: whatever is written from now on is new.
void Shell::choose(const std::string& plugin_path, const std::optional<HandOver>& sound) {
    for (auto& watch : watches_) watch.stop();
    plugin_path_ = plugin_path;
    last_sound_ = sound;
    if (plugin_path_.empty()) return stop_playing();
    ChosenFiles files(plugin_path_);
    const auto taken = files.hash();
    tell_loading();
    try {
        play(open_chosen({}), sound);
        tell_loaded("loaded", "loaded", Record("{}"));
    } catch (const Error& error) {
        stop_playing();
        tell_error("rejected", error);
    }
    watch(taken);
}

Code Shell::open_chosen(const std::stop_token& stop) {
    return open_code(plugin_path_, settings_.blocks, stop);
}

void Shell::watch(const std::string& taken) {
    std::erase_if(watches_, [](const Watch& watch) { return watch.has_ended(); });
    watches_.emplace_back([this, taken, path = plugin_path_](const std::stop_token& stop) {
        try {
            ChosenFiles files(path);
            Settling settling(taken);
            follow(files, settling, stop, [&] { reload(stop); });
        } catch (const Error& error) {
            const std::lock_guard lock(mutex_);
            tell_error("error", error);
        }
    });
}

void Shell::reload(const std::stop_token& stop) {
    const Waiting waiting(stage_);
    std::unique_lock lock(mutex_);
    if (stop.stop_requested()) return;
    const auto path = plugin_path_;
    const auto settings = settings_;
    tell_loading();
    lock.unlock();
    try {
        auto code = open_code(path, settings.blocks, stop);
        lock.lock();
        if (stop.stop_requested()) return;
        if (settings != settings_) code = open_chosen(stop);
        if (processor_) return tell_loaded("reloaded", "reloaded", go_over_to(std::move(code)));
        play(std::move(code), last_sound_);
        tell_loaded("loaded", "loaded", Record("{}"));
    } catch (const Error& error) {
        if (!lock) lock.lock();
        if (!stop.stop_requested()) tell_error("rejected", error);
    }
}

// A code may throw its own exceptions, whatever patchpipe-logic(5) says.
void Shell::play(Code code, const std::optional<HandOver>& sound) try {
    if (sound) (void)take_over(*code.processor, *sound);
    taken_ = {};
    code.processor->settle();
    change(std::move(code), false, false);
    kept_state_.reset();
} catch (...) {
    throw error_of(std::current_exception(), plugin_path_);
}

Record Shell::go_over_to(Code code) try {
    HandOver sound;
    const bool blown_up = stage_.begin_change(notes_, [&](Processor& processor) {
        set_news(processor);
        sound = hand_over(processor);
    });
    if (blown_up) drop_blown_up_state(sound);
    remember_earlier(sound, taken_);
    const auto taken = take_over(*code.processor, sound);
    taken_ = std::move(sound);
    taken_.state.reset();
    const auto sounds = taken.sounds;
    const int latency = stage_.latency_frames();
    auto record = taken.fields();
    record.set("notes", notes_.notes());
    change(std::move(code), true, sounds);
    if (const int later = stage_.latency_frames() - latency; later > 0)
        record.set("later_frames", later);
    return record;
} catch (...) {
    throw error_of(std::current_exception(), plugin_path_);
}

void Shell::change(Code code, bool goes_on, bool sounds) {
    const auto may_stay = std::move(code.facts.may_stay);
    auto facts = facts_of(*code.processor);
    facts.may_stay = may_stay;
    indices_ = slots_.assign(facts.parameters);
    Stage::Change change{.next = nullptr, .goes_on = goes_on, .sounds = sounds, .values = {}};
    for (std::size_t slot = 0; slot < slot_count; ++slot)
        if (const auto index = indices_[slot])
            change.values[slot] = static_cast<float>(facts.parameters[*index].value);
    processor_ = code.processor.get();
    const Alignment alignment{.latency = goes_on ? stage_.latency_frames() : 0};
    change.next = std::make_unique<PlayingBuild>(
        std::move(code.processor), indices_,
        PlayingSettings{.block_size = settings_.blocks.block_size,
                        .outputs = static_cast<int>(settings_.outputs),
                        .latency = facts.latency_frames,
                        .delay = alignment.delay_of(facts.latency_frames)});
    stage_.change(std::move(change), notes_);
    facts_ = std::move(facts);
    last_sound_.reset();
}

void Shell::stop_playing() {
    stage_.change({.next = nullptr, .goes_on = false, .sounds = false, .values = {}}, notes_);
    processor_ = nullptr;
    indices_ = {};
    facts_ = {};
}

void Shell::prepare(const ShellSettings& settings) {
    const std::lock_guard lock(mutex_);
    if (settings == settings_) {
        stage_.drop_delay();
        return stage_.reset();
    }
    settings_ = settings;
    std::optional<HandOver> sound;
    Code code;
    try {
        if (processor_) {
            sound = sound_now();
            code = {.processor = processor_->another(settings.blocks), .facts = facts_};
            if (!code.processor) code = open_chosen({});
        }
    } catch (...) {
        tell_error("lost", error_of(std::current_exception(), plugin_path_));
    }
    processor_ = nullptr;
    stage_.prepare(
        {.sample_rate = settings.blocks.sample_rate,
         .block_size = settings.blocks.block_size,
         .outputs = settings.outputs,
         .fade_frames = static_cast<int>(std::lround(fade_seconds * settings.blocks.sample_rate))});
    if (!code.processor) {
        if (sound) last_sound_ = sound;
        return;
    }
    try {
        play(std::move(code), sound);
    } catch (const Error& error) {
        last_sound_ = sound;
        tell_error("lost", error);
    }
}

void Shell::clean_up() {
    const std::lock_guard lock(mutex_);
    stage_.note_heard(notes_);
    const auto left = stage_.take_left();
    if (left.failure) note_failure(left.failure);
    const auto skipped = stage_.skipped_blocks();
    if (skipped == told_skipped_) return;
    auto record = event_record("skipped");
    record.set("blocks", skipped - std::exchange(told_skipped_, skipped));
    record.set("lost_events", stage_.lost_events());
    told_(record);
}

// The build before it plays on, if the one that failed was just fading in.
void Shell::note_failure(const std::exception_ptr& failure) {
    const auto error = error_of(failure, facts_.info.name);
    Processor* playing = nullptr;
    stage_.visit([&](Processor& processor) { playing = &processor; });
    if (playing == processor_ && playing) return tell_error("error", error);
    if (!playing) last_sound_ = sound_of_slots();
    processor_ = playing;
    if (playing) {
        facts_ = facts_of(*playing);
        indices_ = slots_.assign(facts_.parameters);
    }
    tell_error(playing ? "kept" : "lost", error);
}

void Shell::tell(Record record, const std::string& message) {
    status_.message = message;
    record.set("message", readable(message));
    told_(record);
}

void Shell::tell_error(std::string_view event, const Error& error) {
    status_.is_error = true;
    tell(error_record(event, error), error.what());
}

// Before the code can take the host with it.
void Shell::tell_loading() {
    status_.is_error = false;
    auto record = event_record("loading");
    record.set("plugin_path", plugin_path_);
    tell(std::move(record), "loading " + plugin_path_);
}

void Shell::tell_loaded(std::string_view event, std::string_view word, Record record) {
    auto all = event_record(event);
    all.set("plugin_path", plugin_path_);
    all.set("plugin", facts_.info.name);
    all.set("parameter_count", facts_.parameters.size());
    all.set("latency_frames", facts_.latency_frames);
    for (const auto& key : record.keys()) all.set_json(key, *record.raw(key));
    auto message = std::string(word) + " " + facts_.info.name;
    if (facts_.parameters.size() > slot_count)
        message += "; hosts see " + std::to_string(slot_count) + " of its " +
                   std::to_string(facts_.parameters.size()) + " parameters";
    if (!facts_.may_stay.empty()) {
        all.set_json("may_stay_loaded", json_list(facts_.may_stay));
        message += "; it may stay in memory after the next build: " + facts_.may_stay.front();
    }
    status_.is_error = false;
    tell(std::move(all), message);
}

}  // namespace patchpipe
