// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "play/reloader.h"

#include <fcntl.h>
#include <unistd.h>
#include <cmath>
#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>
#include <utility>

#include "base/error.h"
#include "play/play_into.h"
#include "reload/build_after_changes.h"
#include "reload/generation_opener.h"
#include "reload/news.h"
#include "reload/plugin_files.h"
#include "reload/reload_records.h"
#include "reload/reloading.h"

namespace patchpipe {
namespace {

// That there is a newer build, from the thread that watches to the one that opens.
class Newer {
 public:
    void tell() {
        {
            const std::lock_guard lock(mutex_);
            told_ = true;
        }
        changed_.notify_all();
    }
    // False if it is to stop.
    [[nodiscard]] bool wait(const std::stop_token& stop) {
        std::unique_lock lock(mutex_);
        return changed_.wait(lock, stop, [&] { return std::exchange(told_, false); }) &&
               !stop.stop_requested();
    }

 private:
    std::mutex mutex_;
    std::condition_variable_any changed_;
    bool told_ = false;
};

void wait_for(const std::stop_token& stop) {
    std::mutex mutex;
    std::unique_lock lock(mutex);
    std::condition_variable_any().wait(lock, stop, [] { return false; });
}

class Reloader : public LivePlugin {
 public:
    Reloader(ReloadSettings settings, std::function<void()> wake)
        : settings_(std::move(settings)),
          news_(std::move(wake)),
          opener_({.host = settings_.host,
                   .sound = settings_.sound,
                   .hang = settings_.hang,
                   .number = 0},
                  news_),
          files_(settings_.host.plugin_path),
          // Before it is opened: what is written from then on is new.
          settling_(files_.hash()),
          building_(building(settings_)),
          first_(opener_.open(settings_.host.plugin_path)),
          against_(settings_.against ? opener_.open(*settings_.against) : nullptr),
          description_(first_->description()),
          sandboxed_(first_->sandboxed()) {}

    ~Reloader() override { Reloader::stop(); }

    const Record& description() const override { return description_; }
    bool sandboxed() const override { return sandboxed_; }
    bool watches_itself() const override { return true; }
    std::vector<Record> take_news() override { return news_.take(); }

    std::vector<ParameterName> parameters() const override {
        const std::lock_guard lock(mutex_);
        return reloading_ ? reloading_->parameters() : first_->parameters();
    }

    void play(const Record& request, const PlayLink& link) override {
        // Each side has its own places in the rings.
        PlayLink own(Descriptor(repeated([&] { return dup(link.fd()); })), LinkSizes::of(request));
        auto& reloading = begin();
        // These end after the playing, and with them the processes that they have started.
        const std::jthread opener([&] { guarded([&] { open_builds(reloading); }); });
        const std::jthread watcher([&] { guarded([&] { watch(); }); });
        const std::jthread builder([&] { guarded([&] { build(); }); });
        const Stop stop_at_end{*this};
        (void)play_into(own, reloading, {settings_.host.sample_rate, settings_.host.block_size},
                        live_settings(request, reloading), [](const auto&) {});
    }

    void stop() override {
        stop_.request_stop();
        opener_.stop();
        const std::lock_guard lock(mutex_);
        if (reloading_) reloading_->offers().stop();
    }
    void kill() override { stop(); }

 private:
    struct Stop {
        Reloader& reloader;
        ~Stop() { reloader.stop(); }
    };

    [[nodiscard]] Reloading& begin() {
        const std::lock_guard lock(mutex_);
        reloading_ = std::make_unique<Reloading>(std::move(first_), reloading_settings(), news_);
        if (against_) reloading_->compare_with(std::move(against_));
        return *reloading_;
    }

    // What goes wrong on a thread of its own is told: the sound goes on. The system ends processes
    // with the thread that started them, so it waits for the end.
    template <typename Work>
    void guarded(const Work& work) {
        try {
            work();
        } catch (const std::exception& error) {
            news_.tell(error_record("error", Error(ErrorKind::io, "", error.what())));
        }
        wait_for(stop_.get_token());
    }

    void open_builds(Reloading& reloading) {
        const auto stop = stop_.get_token();
        if (settings_.script)
            for (const auto& reload : *settings_.script) {
                if (stop.stop_requested()) return;
                reloading.offers().put(open_next(reload.plugin_path, reloading));
            }
        else
            while (newer_.wait(stop))
                if (auto next = open_next(settings_.host.plugin_path, reloading))
                    reloading.offers().put(std::move(next));
    }

    // Null if it cannot follow, which is told.
    [[nodiscard]] std::unique_ptr<Generation> open_next(const std::string& plugin_path,
                                                        Reloading& reloading) {
        reloading.offers().take_retired().clear();
        try {
            auto next = opener_.open(plugin_path);
            if (const auto why = reloading.complaint(*next))
                throw Error(ErrorKind::wrong_plugin, plugin_path, *why);
            return next;
        } catch (const Error& error) {
            if (!stop_.stop_requested())
                news_.tell(rejected_record(opener_.last_number(), plugin_path, error));
            return nullptr;
        }
    }

    void watch() {
        if (settings_.script) return;
        follow(files_, settling_, stop_.get_token(), [&] {
            opener_.cancel();
            newer_.tell();
        });
    }

    void build() {
        if (building_) building_->run(news_, stop_.get_token());
    }

    [[nodiscard]] static std::unique_ptr<BuildAfterChanges> building(
        const ReloadSettings& settings) {
        if (!settings.build) return nullptr;
        return std::make_unique<BuildAfterChanges>(
            BuildSettings{.command = *settings.build,
                          .sources = settings.sources,
                          .shown = settings.host.plugin_output});
    }

    [[nodiscard]] int frames_of(double seconds) const {
        return static_cast<int>(std::lround(seconds * settings_.host.sample_rate));
    }

    [[nodiscard]] ReloadingSettings reloading_settings() const {
        ReloadingSettings reloading{.sample_rate = settings_.host.sample_rate,
                                    .block_size = settings_.host.block_size,
                                    .fade_frames = frames_of(settings_.fade)};
        if (settings_.script) reloading.script = scripted_frames();
        if (settings_.meters) reloading.meter_frames = frames_of(*settings_.meters);
        return reloading;
    }

    [[nodiscard]] std::vector<std::int64_t> scripted_frames() const {
        std::vector<std::int64_t> frames;
        if (settings_.script)
            for (const auto& reload : *settings_.script) frames.push_back(reload.frame);
        return frames;
    }

    [[nodiscard]] LiveSettings live_settings(const Record& request, Reloading& reloading) const {
        return {.frames = request.integer("frames").value_or(LiveSettings::most_frames),
                .latency = reloading.latency_frames(),
                .inputs = request.flag("hears").value_or(false) ? reloading.info().inputs : 0,
                .block_size = settings_.host.block_size,
                .room = reloading.event_room(),
                .convert =
                    [&reloading](std::size_t parameter, const std::string& text) {
                        return reloading.value_of(parameter, text);
                    },
                .reset = [&reloading] { reloading.reset(); },
                .borders = scripted_frames()};
    }

    ReloadSettings settings_;
    News news_;
    std::stop_source stop_;
    GenerationOpener opener_;
    PluginFiles files_;
    Settling settling_;
    std::unique_ptr<BuildAfterChanges> building_;  // null without a build command
    Newer newer_;
    std::unique_ptr<Generation> first_, against_;
    Record description_;
    bool sandboxed_;
    mutable std::mutex mutex_;              // for the next one, which is set once
    std::unique_ptr<Reloading> reloading_;  // from when it plays
};

}  // namespace

std::unique_ptr<LivePlugin> reloaded_plugin(const ReloadSettings& settings,
                                            std::function<void()> wake) {
    return std::make_unique<Reloader>(settings, std::move(wake));
}

}  // namespace patchpipe
