// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "rtaudio/rtaudio_device.h"

#include <RtAudio.h>
#include <algorithm>
#include <atomic>
#include <thread>
#include <utility>

#include "base/json.h"
#include "base/number.h"
#include "base/quiet_stderr.h"
#include "base/real_time.h"
#include "base/words.h"

namespace patchpipe {
namespace {

// RtAudio 6, which alone defines RTAUDIO_VERSION_MAJOR, returns errors and has a number for each
// device; 5 throws, and counts the devices.

constexpr const char* subject = "RtAudio";

// Calls RtAudio. What it throws or returns is an Error.
template <typename Call>
void checked(RtAudio& audio, const Call& call) {
#ifdef RTAUDIO_VERSION_MAJOR
    if (const auto result = call(); result != RTAUDIO_NO_ERROR && result != RTAUDIO_WARNING)
        throw Error(ErrorKind::io, subject, audio.getErrorText());
#else
    (void)audio;
    try {
        call();
    } catch (const RtAudioError& error) {
        throw Error(ErrorKind::io, subject, error.getMessage());
    }
#endif
}

struct Found {
    RtAudio::Api api;
    unsigned int id;  // for RtAudio
    RtAudio::DeviceInfo info;
};

std::unique_ptr<RtAudio> open_api(RtAudio::Api api) {
    auto audio = std::make_unique<RtAudio>(api);
    audio->showWarnings(false);
    return audio;
}

std::vector<unsigned int> ids_of(RtAudio& audio) {
#ifdef RTAUDIO_VERSION_MAJOR
    return audio.getDeviceIds();
#else
    std::vector<unsigned int> ids(audio.getDeviceCount());
    for (unsigned int i = 0; i < ids.size(); ++i) ids[i] = i;
    return ids;
#endif
}

bool is_usable(const RtAudio::DeviceInfo& info) {
#ifndef RTAUDIO_VERSION_MAJOR
    if (!info.probed) return false;
#endif
    return info.outputChannels > 0 || info.inputChannels > 0;
}

// A server that does not run has no devices; that it does not run is no error.
void find_in(RtAudio::Api api, std::vector<Found>& found) try {
    const auto audio = open_api(api);
    for (const auto id : ids_of(*audio))
        if (const auto info = audio->getDeviceInfo(id); is_usable(info))
            found.push_back({api, id, info});
} catch (const std::exception&) {
}

std::vector<Found> find_devices() {
    const QuietStderr quiet;
    std::vector<RtAudio::Api> apis;
    RtAudio::getCompiledApi(apis);
    std::vector<Found> found;
    for (const auto api : apis)
        if (api != RtAudio::RTAUDIO_DUMMY) find_in(api, found);
    return found;
}

[[noreturn]] void refuse(const std::vector<Found>& found, const std::string& wanted,
                         const std::string& why) {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < found.size(); ++i)
        names.push_back(std::to_string(i) + " (" + printable(found[i].info.name) + ")");
    throw Error(ErrorKind::not_found, "-d " + wanted,
                why + "; " +
                    (names.empty() ? "there is no sound device: -d null, -d - and -o FILE do "
                                     "without"
                                   : "there are " + joined(names, ", ", " and ")));
}

bool is_wanted(const std::vector<Found>& found, std::size_t index, const std::string& wanted) {
    const auto& info = found[index].info;
    return wanted == info.name || wanted == std::to_string(index) ||
           (wanted == "default" && info.isDefaultOutput);
}

Found device_named(const std::vector<Found>& found, const std::string& wanted) {
    std::vector<Found> having;
    for (std::size_t i = 0; i < found.size(); ++i) {
        if (is_wanted(found, i, wanted)) return found[i];
        if (found[i].info.name.find(wanted) != std::string::npos) having.push_back(found[i]);
    }
    if (having.size() == 1) return having.front();
    refuse(found, wanted, having.empty() ? "no device has that name" : "several devices have that");
}

class RtAudioDevice : public Device {
 public:
    RtAudioDevice(const DeviceSettings& settings, Found device)
        : settings_(settings),
          device_(std::move(device)),
          frames_(static_cast<unsigned int>(settings.block_size)) {
        const QuietStderr quiet;
        audio_ = open_api(device_.api);
        open();
    }

    // What uses the rest goes first: the watch, and the stream with its callback.
    ~RtAudioDevice() override {
        watch_ = {};
        audio_.reset();
    }

    Record fields() const override {
        Record fields("{}");
        fields.set("device", readable(device_.info.name));
        fields.set("api", RtAudio::getApiName(device_.api));
        fields.set("device_channels", outputs_);
        fields.set("device_block_size", static_cast<std::int64_t>(frames_));
        fields.set("device_latency_frames", latency_);
        if (inputs_ > 0) fields.set("captured_channels", inputs_);
        return fields;
    }

    int frames_at_once() const override { return static_cast<int>(frames_); }
    bool has_clock() const override { return true; }

    void start(Tap& tap, std::function<void()> ended) override {
        tap_ = &tap;
        ended_ = std::move(ended);
        failing() = this;
        checked(*audio_, [&] { return audio_->startStream(); });
        watch_ = std::jthread([this](const std::stop_token& stop) { watch(stop); });
    }

    void stop() override {
        const QuietStderr quiet;
        watch_ = {};
        failing() = nullptr;
        if (audio_->isStreamOpen()) audio_->closeStream();
    }

    void complete() override {
        if (failed_)
            throw Error(ErrorKind::io, device_.info.name,
                        "the sound device failed, or took no more audio; is it still there, and "
                        "does its server run?");
    }

 private:
    void open() {
        // One channel is heard on both sides.
        const auto wanted = static_cast<unsigned int>(std::max(settings_.channels, 2));
        outputs_ = static_cast<int>(std::min(wanted, device_.info.outputChannels));
        inputs_ = static_cast<int>(
            std::min(static_cast<unsigned int>(settings_.captured), device_.info.inputChannels));
        check();
        RtAudio::StreamParameters out, in;
        out.deviceId = in.deviceId = device_.id;
        out.nChannels = static_cast<unsigned int>(outputs_);
        in.nChannels = static_cast<unsigned int>(inputs_);
        RtAudio::StreamOptions options;
        options.flags = RTAUDIO_SCHEDULE_REALTIME;
        options.streamName = "play-one";
        const auto rate = static_cast<unsigned int>(settings_.sample_rate);
        checked(*audio_, [&] {
            return audio_->openStream(&out, inputs_ > 0 ? &in : nullptr, RTAUDIO_FLOAT32, rate,
                                      &frames_, call, this, &options
#ifndef RTAUDIO_VERSION_MAJOR
                                      ,
                                      hear_of_error
#endif
            );
        });
        latency_ = static_cast<std::int64_t>(audio_->getStreamLatency());
        played_.resize(frames_ * static_cast<std::size_t>(settings_.channels));
        heard_.resize(frames_ * static_cast<std::size_t>(settings_.captured));
    }

    void check() const {
        const auto& info = device_.info;
        if (outputs_ == 0)
            throw Error(ErrorKind::unsupported, info.name, "has no outputs; name another device");
        if (settings_.captured > 0 && inputs_ == 0)
            throw Error(ErrorKind::unsupported, info.name,
                        "has no inputs to capture; give a file with -i, or name another device");
        const auto rate = static_cast<unsigned int>(settings_.sample_rate);
        if (std::find(info.sampleRates.begin(), info.sampleRates.end(), rate) !=
            info.sampleRates.end())
            return;
        std::vector<std::string> rates;
        for (const auto one : info.sampleRates) rates.push_back(std::to_string(one));
        throw Error(ErrorKind::unsupported, info.name,
                    "does not run at " + std::to_string(rate) + " Hz; it has " +
                        joined(rates, ", ", " and "));
    }

    static int call(void* output, void* input, unsigned int frames, double /*time*/,
                    RtAudioStreamStatus status, void* self) {
        return static_cast<RtAudioDevice*>(self)->take_block(
            static_cast<float*>(output), static_cast<const float*>(input), frames, status);
    }

    // The audio callback. 0 goes on; 1 ends, when all has been heard. Not with JACK, where RtAudio
    // ends on a thread of its own, which nothing waits for before the stream is gone; the last
    // block has been handed over there in any case.
    int take_block(float* output, const float* input, unsigned int frames,
                   RtAudioStreamStatus status) {
        const int ended = device_.api == RtAudio::UNIX_JACK ? 0 : 1;
        ++blocks_;
        if (said_) {
            std::fill_n(output, frames * static_cast<std::size_t>(outputs_), 0.0F);
            return ended;
        }
        if ((status & RTAUDIO_OUTPUT_UNDERFLOW) != 0) tap_->count_underrun();
        const auto size = std::min(frames, frames_);
        const auto played =
            std::span(played_).first(size * static_cast<std::size_t>(settings_.channels));
        const bool more = tap_->play(played) && !tap_->stopped();
        write_output(played, output, frames);
        if (input && inputs_ > 0) hear(input, size);
        if (!more) say_ended();
        return more ? 0 : ended;
    }

    void say_ended() {
        if (!said_.exchange(true)) ended_();
    }

    void fail() {
        if (said_) return;
        failed_ = true;
        say_ended();
    }

    // A device that is pulled out, or whose server ends, asks for no more. RtAudio reports nothing,
    // but may close the stream.
    void watch(const std::stop_token& stop) {
        constexpr std::chrono::milliseconds look(20);
        constexpr int most_looks = 250;  // not by a clock: it goes on while a process is stopped
        std::int64_t seen = -1;
        for (int looks = 0; looks < most_looks && audio_->isStreamOpen(); ++looks) {
            if (stop.stop_requested() || said_) return;
            if (const auto now = blocks_.load(); std::exchange(seen, now) != now) looks = 0;
            real_sleep(look);
        }
        fail();
    }

    // The plug-in's channels in those of the device: one on all of them, others side by side.
    void write_output(std::span<const float> played, float* output, unsigned int frames) const {
        const auto from = static_cast<std::size_t>(settings_.channels),
                   to = static_cast<std::size_t>(outputs_), there = played.size() / from;
        for (std::size_t i = 0; i < frames; ++i)
            for (std::size_t channel = 0; channel < to; ++channel) {
                const auto source = from == 1 ? 0 : channel;
                output[i * to + channel] =
                    i < there && source < from ? played[i * from + source] : 0.0F;
            }
    }

    void hear(const float* input, unsigned int frames) {
        const auto from = static_cast<std::size_t>(inputs_),
                   to = static_cast<std::size_t>(settings_.captured);
        for (std::size_t i = 0; i < frames; ++i)
            for (std::size_t channel = 0; channel < to; ++channel) {
                const auto source = from == 1 ? 0 : channel;
                heard_[i * to + channel] = source < from ? input[i * from + source] : 0.0F;
            }
        tap_->hear(std::span(heard_).first(frames * to));
    }

    // The one stream of this process; RtAudio 5 does not say whose error it is.
    static RtAudioDevice*& failing() {
        static RtAudioDevice* device = nullptr;
        return device;
    }

#ifndef RTAUDIO_VERSION_MAJOR
    static void hear_of_error(RtAudioError::Type type, const std::string& /*text*/) {
        auto* device = failing();
        if (!device || type == RtAudioError::WARNING || type == RtAudioError::DEBUG_WARNING) return;
        device->fail();
    }
#endif

    DeviceSettings settings_;
    Found device_;
    unsigned int frames_;
    int outputs_ = 0, inputs_ = 0;
    std::int64_t latency_ = 0;
    Tap* tap_ = nullptr;
    std::function<void()> ended_;
    std::vector<float> played_, heard_;
    std::atomic<bool> failed_{false}, said_{false};
    std::atomic<std::int64_t> blocks_{0};  // that were asked for
    std::unique_ptr<RtAudio> audio_;
    std::jthread watch_;
};

}  // namespace

std::vector<Record> rtaudio_devices() {
    std::vector<Record> records;
    for (const auto& [api, id, info] : find_devices()) {
        Record record("{}");
        record.set("type", "sound_device");
        record.set("index", records.size());
        record.set("name", readable(info.name));
        record.set("api", RtAudio::getApiName(api));
        record.set("output_channels", info.outputChannels);
        record.set("input_channels", info.inputChannels);
        std::vector<std::string> rates;
        for (const auto rate : info.sampleRates) rates.push_back(std::to_string(rate));
        record.set_json("sample_rates", "[" + joined(rates, ",") + "]");
        record.set("is_default_output", info.isDefaultOutput);
        record.set("is_default_input", info.isDefaultInput);
        records.push_back(std::move(record));
    }
    return records;
}

std::unique_ptr<Device> rtaudio_device(const DeviceSettings& settings, const std::string& wanted) {
    return std::make_unique<RtAudioDevice>(settings, device_named(find_devices(), wanted));
}

}  // namespace patchpipe
