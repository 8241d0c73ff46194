// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "play/devices.h"

#include <unistd.h>
#include <algorithm>
#include <exception>
#include <thread>
#include <utility>
#include <vector>

#include "audio/audio_writer.h"
#include "audio/piece_writer.h"
#include "audio/samples.h"
#include "base/real_time.h"
#include "base/write.h"
#include "file/nameless_file.h"
#include "file/offset.h"
#include "file/whole_file.h"

namespace patchpipe {
namespace {

Record named(std::string_view device) {
    Record fields("{}");
    fields.set("device", device);
    return fields;
}

// What a thread of ours does with the audio.
class Sink {
 public:
    virtual ~Sink() = default;
    [[nodiscard]] virtual Record fields() const = 0;
    [[nodiscard]] virtual bool has_clock() const { return false; }
    // Takes all of the audio, in blocks of that size.
    virtual void run(Tap& tap, std::span<float> block) = 0;
    virtual void complete(const Tap& /*tap*/) {}
};

class ThreadDevice : public Device {
 public:
    ThreadDevice(const DeviceSettings& settings, std::unique_ptr<Sink> sink)
        : block_size_(settings.block_size),
          sink_(std::move(sink)),
          block_(static_cast<std::size_t>(settings.block_size * settings.channels)) {}
    ~ThreadDevice() override {
        if (tap_ && thread_.joinable()) tap_->stop();
        ThreadDevice::stop();
    }

    Record fields() const override { return sink_->fields(); }
    int frames_at_once() const override { return block_size_; }
    bool has_clock() const override { return sink_->has_clock(); }

    void start(Tap& tap, std::function<void()> ended) override {
        tap_ = &tap;
        thread_ = std::thread([this, &tap, ended = std::move(ended)] {
            try {
                sink_->run(tap, block_);
            } catch (...) {
                failure_ = std::current_exception();
            }
            ended();
        });
    }

    void stop() override {
        if (thread_.joinable()) thread_.join();
    }

    void complete() override {
        if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
        if (tap_) sink_->complete(*tap_);
    }

 private:
    int block_size_;
    std::unique_ptr<Sink> sink_;
    std::vector<float> block_;
    Tap* tap_ = nullptr;
    std::exception_ptr failure_;
    std::thread thread_;
};

class NullSink : public Sink {
 public:
    explicit NullSink(const DeviceSettings& settings)
        : block_length_(
              std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::duration<double>(
                  static_cast<double>(settings.block_size) / settings.sample_rate))) {}

    Record fields() const override { return named("null"); }
    bool has_clock() const override { return true; }

    void run(Tap& tap, std::span<float> block) override {
        for (auto due = RealClock::now();; due += block_length_) {
            if (const auto now = RealClock::now(); now < due) real_sleep(due - now);
            if (!tap.play(block) || tap.stopped()) return;
        }
    }

 private:
    std::chrono::nanoseconds block_length_;
};

class FileSink : public Sink {
 public:
    FileSink(const DeviceSettings& settings, std::string path, AudioFormat format)
        : path_(std::move(path)),
          format_(std::move(format)),
          file_(path_),
          spool_(nameless_file()),
          out_(spool_.get(), spool_name) {
        format_.channels = settings.channels;
        format_.sample_rate = settings.sample_rate;
        check_container(format_);
    }

    Record fields() const override {
        auto fields = named("file");
        fields.set("output_path", path_);
        return fields;
    }

    // How long the file will be is known at the end only.
    void run(Tap& tap, std::span<float> block) override {
        while (const auto count = tap.wait_and_take(block))
            out_.write({reinterpret_cast<const char*>(block.data()), count * sizeof(float)});
    }

    void complete(const Tap& tap) override {
        out_.flush();
        format_.frames = tap.frames();
        // Nobody knew how long it would be.
        constexpr std::int64_t most_in_wav = 0xf0000000;
        if (format_.container == AudioFormat::Container::wav &&
            format_.frames * format_.channels * bytes_per_sample(format_.depth) > most_in_wav)
            format_.container = AudioFormat::Container::rf64;
        AudioWriter writer(file_.fd(), file_.straight() ? Medium::stream : Medium::file, format_,
                           path_);
        const auto samples = static_cast<std::size_t>(tap.frames() * format_.channels);
        std::vector<float> block(std::size_t{4096} * static_cast<std::size_t>(format_.channels));
        for (std::size_t done = 0; done < samples;) {
            const auto part = std::span(block).first(std::min(samples - done, block.size()));
            const auto place = static_cast<std::int64_t>(done * sizeof(float));
            if (read_at(spool_.get(), place, part.data(), part.size_bytes(), spool_name) <
                part.size_bytes())
                throw Error(ErrorKind::io, spool_name, "became shorter while it was read");
            writer.write(part);
            done += part.size();
        }
        writer.close();
        file_.commit();
    }

 private:
    static constexpr const char* spool_name = "the temporary file of the audio";

    std::string path_;
    AudioFormat format_;
    WholeFile file_;
    Descriptor spool_;
    PieceWriter out_;
};

class StdoutSink : public Sink {
 public:
    explicit StdoutSink(AudioFormat::Depth depth) : depth_(depth) {}

    Record fields() const override {
        auto fields = named("stdout");
        fields.set("sample_format", depth_ == AudioFormat::Depth::pcm16 ? "s16le" : "f32le");
        return fields;
    }

    void run(Tap& tap, std::span<float> block) override {
        std::string bytes;
        while (const auto count = tap.wait_and_take(block)) {
            bytes.clear();
            append_samples(block.first(count), depth_, bytes);
            write(tap, bytes);
        }
    }

 private:
    // In pieces for which a pipe has room whenever it says so, because a reader may be stopped.
    static void write(const Tap& tap, std::string_view bytes) {
        constexpr std::size_t piece = 4096;
        constexpr std::chrono::milliseconds look_again{100};
        while (!bytes.empty() && !tap.stopped()) {
            pollfd polled{STDOUT_FILENO, POLLOUT, 0};
            if (real_poll(&polled, 1, look_again) <= 0) continue;
            auto part = bytes.substr(0, piece);
            const auto size = part.size();
            write_some(STDOUT_FILENO, part, "standard output");
            bytes.remove_prefix(size - part.size());
        }
    }

    AudioFormat::Depth depth_;
};

}  // namespace

std::unique_ptr<Device> null_device(const DeviceSettings& settings) {
    return std::make_unique<ThreadDevice>(settings, std::make_unique<NullSink>(settings));
}

std::unique_ptr<Device> file_device(const DeviceSettings& settings, const std::string& path,
                                    AudioFormat format) {
    return std::make_unique<ThreadDevice>(
        settings, std::make_unique<FileSink>(settings, path, std::move(format)));
}

std::unique_ptr<Device> stdout_device(const DeviceSettings& settings, AudioFormat::Depth depth) {
    return std::make_unique<ThreadDevice>(settings, std::make_unique<StdoutSink>(depth));
}

}  // namespace patchpipe
