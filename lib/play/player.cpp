// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "play/player.h"

#include <unistd.h>
#include <algorithm>
#include <utility>

#include "audio/measures.h"
#include "base/real_time.h"
#include "base/words.h"
#include "midi/time_map.h"
#include "play/event_input.h"
#include "play/input_feed.h"
#include "play/interruption.h"
#include "play/live_plugin.h"
#include "play/play_records.h"
#include "play/playing.h"
#include "play/port_input.h"
#include "reload/news.h"

namespace patchpipe {
namespace {

using std::chrono::milliseconds;

// Between looks at what the process with the plug-in has to say. So long without a line means that
// none is there.
constexpr milliseconds look{20};
// The same before a device begins that waits for lines itself.
constexpr milliseconds short_look{1};

// The last one, as far as it is the same for all: nothing was played.
Record ended_record(std::string_view reason) {
    auto record = event_record("ended");
    record.set("reason", reason);
    for (const auto* key : {"frames", "seconds", "underruns", "late_events"}) record.set(key, 0);
    return record;
}

// The Error that the work throws.
template <typename Work>
std::optional<Error> fails(const Work& work) try {
    work();
    return {};
} catch (const Error& error) {
    return error;
}

// The plug-in in its process, and what its news wake.
struct PlayedPlugin {
    explicit PlayedPlugin(const PlayerSettings& settings) {
        if (!settings.reload) {
            live = hosted_plugin(settings.host);
            return;
        }
        auto reload = *settings.reload;
        reload.host = settings.host;
        reload.sound = settings.sound;
        live = reloaded_plugin(reload, [this] { waker.wake(); });
    }

    Waker waker;
    std::unique_ptr<LivePlugin> live;
};

// One live playing, from the plug-in that is open to the last record.
class Player {
 public:
    Player(const PlayerSettings& settings, PlayedPlugin& plugin, PlayRecords& records)
        : settings_(settings),
          records_(records),
          waker_(plugin.waker),
          live_(*plugin.live),
          plugin_(live_.description()),
          channels_(field("channels")),
          inputs_(hears() ? field("inputs") : 0) {
        check();
        open_input();
        if (settings.midi_path)
            midi_.emplace(*settings.midi_path, settings.loop_midi, settings.host.sample_rate);
        if (settings.open_port) port_ = settings.open_port();
        device_ = settings.open_device({.sample_rate = settings.host.sample_rate,
                                        .block_size = settings.host.block_size,
                                        .channels = channels_,
                                        .captured = settings.capture ? inputs_ : 0});
    }

    ExitStatus play() {
        PlayLink link(sizes());
        fill_input(link);
        Tap tap(link, channels_);
        EventInput events(link, event_settings(), parameters(), records_);
        events.read_what_came(horizon(tap));
        PortInput port(port_.get(), link);
        const Playing playing(live_, request(), link, waker_);
        if (input_) input_->start(link, [this] { waker_.wake(); });
        {
            const End end{*this, link, tap};
            run({link, tap, events, port, playing});
        }
        finish(tap, playing);
        return records_.status();
    }

 private:
    // Ends all threads that use the link, also after an exception.
    struct End {
        Player& player;
        PlayLink& link;
        Tap& tap;

        ~End() {
            auto& board = link.board();
            board.stopped = true;
            board.to_player.post();
            board.to_device.post();
            tap.stop();
            player.device_->stop();
            if (player.input_) player.input_->stop();
        }
    };

    struct Stage {
        PlayLink& link;
        Tap& tap;
        EventInput& events;
        PortInput& port;
        const Playing& playing;
    };

    [[nodiscard]] int field(std::string_view key) const {
        return static_cast<int>(plugin_.integer(key).value_or(0));
    }
    [[nodiscard]] bool hears() const { return settings_.capture || settings_.input_path; }

    void check() const {
        constexpr int most_channels = 1024;
        const auto name = plugin_.text("name").value_or("");
        if (channels_ < 1 || channels_ > most_channels || inputs_ < 0 || inputs_ > most_channels)
            throw Error(ErrorKind::unsupported, name,
                        "has " + std::to_string(channels_) + " channels, which cannot be played");
        if (hears() && inputs_ == 0)
            throw Error(ErrorKind::unsupported, name, "hears no audio; leave out --capture and -i");
    }

    void open_input() {
        if (!settings_.input_path) return;
        input_.emplace(InputSettings{.path = *settings_.input_path,
                                     .loop = settings_.loop_input,
                                     .sample_rate = settings_.host.sample_rate,
                                     .inputs = inputs_,
                                     .listener = plugin_.text("name").value_or("")});
    }

    [[nodiscard]] EventInputSettings event_settings() {
        const int rate = settings_.host.sample_rate;
        return {.sample_rate = rate,
                .read_ahead = settings_.read_ahead,
                .ends_playing = !settings_.seconds && !settings_.loop_midi && !port_,
                .compares = settings_.reload && settings_.reload->against,
                .first_end = first_end(),
                .tail_frames = frame_at(settings_.tail, rate),
                .midi = midi_ ? &*midi_ : nullptr};
    }

    // Until where the events of a MIDI file are sent: ahead of what can be played until the next
    // look, also into a file.
    [[nodiscard]] std::int64_t horizon(const Tap& tap) const {
        constexpr double ahead = 10;  // seconds
        return tap.frames() + static_cast<std::int64_t>(buffered_frames()) +
               frame_at(ahead, settings_.host.sample_rate);
    }

    // Before this frame the end of standard input does not end the playing.
    [[nodiscard]] std::int64_t first_end() const {
        const auto input = input_ && !settings_.loop_input ? input_->frames() : 0;
        return std::max(input, midi_ ? midi_->frames() : 0);
    }

    [[nodiscard]] ParameterFinder parameters() const {
        return {live_.parameters(), plugin_.text("name").value_or(""), "parameter"};
    }

    [[nodiscard]] std::size_t buffered_frames() const {
        const int block = std::max(settings_.host.block_size, device_->frames_at_once());
        return static_cast<std::size_t>(settings_.buffers) * static_cast<std::size_t>(block);
    }

    [[nodiscard]] LinkSizes sizes() const {
        return {.output = buffered_frames() * static_cast<std::size_t>(channels_),
                .input = buffered_frames() * static_cast<std::size_t>(inputs_)};
    }

    // What is captured is late by what is rendered ahead; until then there is silence.
    void fill_input(PlayLink& link) const {
        if (settings_.capture) link.input().write(std::vector<float>(sizes().input));
    }

    [[nodiscard]] Record request() const {
        auto request = settings_.sound;
        request.set("output_path", "/dev/null");  // a job has one; here it is the link
        sizes().set_in(request);
        request.set("hears", inputs_ > 0);
        if (settings_.seconds)
            request.set("frames", frame_at(*settings_.seconds, settings_.host.sample_rate));
        return request;
    }

    void run(const Stage& stage) {
        beaten_ = RealClock::now() + default_load_timeout;
        while (!interrupted_ && !records_.gone() && !device_ended_ && !stage.playing.failure() &&
               !hung_ && !(input_ && input_->failure())) {
            const bool idle = !wait(stage);
            stage.events.send_events(horizon(stage.tap));
            report(stage);
            watch(stage);
            const bool all_read = idle || stage.events.ended();
            if (!started_ && is_ready(stage, all_read)) start(stage);
        }
        report(stage);
    }

    // False if no events came.
    [[nodiscard]] bool wait(const Stage& stage) {
        const bool reads = stage.events.wants_input();
        pollfd polled[] = {{reads ? STDIN_FILENO : -1, POLLIN, 0},
                           {interruption_.fd(), POLLIN, 0},
                           {waker_.fd(), POLLIN, 0},
                           {stage.port.fd(), POLLIN, 0},
                           {STDOUT_FILENO, 0, 0}};
        const bool soon = !started_ && !device_->has_clock();
        real_poll(polled, std::size(polled), soon ? short_look : look);
        if (polled[1].revents) interrupted_ = true;
        if (polled[2].revents) waker_.clear();
        if (polled[3].revents) stage.port.read();
        if ((polled[4].revents & POLLERR) != 0) records_.lose_reader();
        if (!polled[0].revents) return false;
        stage.events.read();
        return true;
    }

    // A device with a clock begins when so much is rendered ahead, and what came until then read.
    [[nodiscard]] bool is_ready(const Stage& stage, bool all_read) const {
        if (!stage.link.board().began) return false;
        if (!device_->has_clock()) return true;
        const auto& output = stage.link.output();
        return all_read && (stage.link.board().finished || output.available() == output.capacity());
    }

    void start(const Stage& stage) {
        started_ = true;
        auto record = event_record("started");
        for (const auto* key : {"name", "plugin_format"})
            if (const auto text = plugin_.text(key))
                record.set(key == std::string_view("name") ? "plugin" : key, *text);
        record.set("plugin_path", settings_.host.plugin_path);
        record.set_all(device_->fields());
        record.set("sample_rate", settings_.host.sample_rate);
        record.set("block_size", settings_.host.block_size);
        record.set("channels", channels_);
        if (port_) record.set("midi_port", readable(port_->name()));
        if (hears()) record.set("inputs", inputs_);
        record.set("latency_frames", field("latency_frames"));
        if (device_->has_clock())
            record.set("buffered_frames", static_cast<std::int64_t>(buffered_frames()));
        if (!live_.sandboxed()) record.set("sandbox", false);
        records_.write(record);
        device_->start(stage.tap, [this] {
            device_ended_ = true;
            waker_.wake();
        });
    }

    void report(const Stage& stage) {
        auto news = live_.take_news();
        for (const auto& record : news) records_.write(record);
        if (const auto why = stage.port.take_complaint())
            records_.write_error(Error(ErrorKind::io, port_->name(), *why));
        // A build may have brought parameters along.
        if (settings_.reload && !news.empty()) stage.events.set_parameters(parameters());
        while (stage.link.notes().available() > 0) {
            LiveNote note;
            stage.link.notes().read({&note, 1});
            report(note);
        }
        report_count(underruns_, "underrun", "underruns", stage.tap.underruns(), stage.tap);
        report_count(non_finite_, "not_finite", "non_finite_samples",
                     stage.tap.non_finite_samples(), stage.tap);
    }

    // Of what there may be many.
    struct Counted {
        std::int64_t told = 0;
        RealClock::time_point next{};
    };

    // At once, and then at most once a second.
    void report_count(Counted& counted, std::string_view event, std::string_view key,
                      std::int64_t count, const Tap& tap) {
        const auto now = RealClock::now();
        if (count == counted.told || now < counted.next) return;
        counted = {.told = count, .next = now + std::chrono::seconds(1)};
        auto record = event_record(event);
        record.set("time", seconds_of(tap.frames()));
        record.set(key, count);
        records_.write(record);
    }

    // The plug-in can write here too.
    void report(const LiveNote& note) {
        if (note.kind == LiveNote::Kind::late) {
            auto record = event_record("late");
            record.set("line", note.line);
            record.set("seconds", seconds_of(note.frames));
            ++late_;
            return records_.write(record);
        }
        const auto size = std::min<std::size_t>(note.size, note.text.size());
        records_.write_error(
            Error(ErrorKind::bad_record, "",
                  (note.line > 0 ? "line " + std::to_string(note.line) + ": " : "") +
                      printable(std::string_view(note.text.data(), size))),
            note.line);
    }

    // Kills a process with a plug-in that hangs.
    void watch(const Stage& stage) {
        if (live_.watches_itself()) return;
        const auto beats = stage.link.board().beats.load();
        const auto now = RealClock::now();
        if (beats != std::exchange(beats_, beats)) beaten_ = now + settings_.hang;
        if (now < beaten_ || stage.playing.ended()) return;
        hung_ = true;
        live_.kill();
    }

    void finish(const Tap& tap, const Playing& playing) {
        auto error = what_failed(tap, playing);
        if (started_ && !error) error = fails([&] { device_->complete(); });
        if (error) records_.write_error(*error);
        auto record = ended_record(error ? "error" : interrupted_ ? "interrupted" : "played");
        if (started_) {
            record.set("frames", tap.frames());
            record.set("seconds", seconds_of(tap.frames()));
            record.set("underruns", tap.underruns());
            record.set("late_events", late_);
            set_measures(record, tap.meter(), settings_.depth);
        }
        records_.write(record);
    }

    [[nodiscard]] std::optional<Error> what_failed(const Tap& tap, const Playing& playing) const {
        if (hung_)
            return Error(ErrorKind::timeout, settings_.host.plugin_path,
                         "hung while it played, and was ended");
        for (const auto& failure :
             {playing.failure(), input_ ? input_->failure() : std::exception_ptr()})
            if (auto error = fails([&] {
                    if (failure) std::rethrow_exception(failure);
                }))
                return error;
        const auto bad = tap.meter().non_finite_samples();
        if (bad == 0) return {};
        return Error(
            ErrorKind::non_finite, plugin_.text("name").value_or(""),
            "gave " + std::to_string(bad) + " samples that are not numbers (NaN or infinite)");
    }

    [[nodiscard]] double seconds_of(std::int64_t frames) const {
        return static_cast<double>(frames) / settings_.host.sample_rate;
    }

    const PlayerSettings& settings_;
    PlayRecords& records_;
    Waker& waker_;
    LivePlugin& live_;
    Record plugin_;
    Interruption interruption_;  // before the device has threads
    int channels_, inputs_;
    std::optional<InputFeed> input_;
    std::optional<MidiFeed> midi_;
    std::unique_ptr<MidiPort> port_;
    std::unique_ptr<Device> device_;
    std::atomic<bool> device_ended_{false};
    bool started_ = false, interrupted_ = false, hung_ = false;
    Counted underruns_, non_finite_;
    std::int64_t late_ = 0;
    std::uint32_t beats_ = 0;
    RealClock::time_point beaten_{};
};

}  // namespace

ExitStatus play(const PlayerSettings& settings) {
    std::optional<EndOnInterruption> early(std::in_place, settings.records,
                                           ended_record("interrupted").line() + '\n');
    PlayRecords records(settings.records);
    std::optional<PlayedPlugin> plugin;
    if (const auto error = fails([&] { plugin.emplace(settings); })) {
        early.reset();
        records.write_error(*error);
        records.write(ended_record("error"));
        return records.status();
    }
    Player player(settings, *plugin, records);  // in the end it waits for the signals itself
    early.reset();
    return player.play();
}

}  // namespace patchpipe
