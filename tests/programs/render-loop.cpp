// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// usage: render-loop SETTINGS [FRAMES_FILE]
// Runs the render loop of lib/render with a processor made for it, whose samples count and which
// reports what it is asked to do. SETTINGS is a JSON object with sample_rate, block_size,
// latency_frames and one_controller_a_block. With midi_path, that song is played; with frames, that
// many frames are rendered, and the events are lines on standard input, FRAME and the bytes in
// hexadecimal; otherwise a note is played. With audio_frames, the processor outputs what it hears
// on two inputs: the first one gets that many samples, 1, 2, 3 ..., the second one nothing. With
// lanes, parameters move, of which control_interval is the interval. Prints
// a JSON line for every block and one for the result, whose float32 frames go to FRAMES_FILE.

#include <sys/time.h>
#include <algorithm>
#include <array>
#include <fstream>
#include <iostream>
#include <limits>
#include <sstream>
#include <stdexcept>

#include "audio/meter.h"
#include "base/hex.h"
#include "base/json.h"
#include "base/number.h"
#include "cli/tool.h"
#include "record/settings.h"
#include "render/render.h"
#include "render/score.h"
#include "shown/clock.h"

using namespace patchpipe;

namespace {

constexpr int channel_count = 2;

// Outputs 0, 1, 2 ... sample after sample over both channels, from the first frame that it ever
// renders; but a note-on with number 126 puts NaN on its frame, and 127 infinity.
class CountingProcessor : public Processor {
 public:
    explicit CountingProcessor(const Record& settings)
        : latency_(static_cast<int>(settings.integer("latency_frames").value_or(0))),
          one_controller_a_block_(settings.flag("one_controller_a_block").value_or(false)),
          room_(room_of(settings)),
          block_size_(static_cast<int>(number_setting(settings, "block_size"))) {
        info_.inputs = channel_count;
    }

    const ProcessorInfo& info() const override { return info_; }
    int channels() const override { return channel_count; }
    int latency_frames() const override { return latency_; }
    bool one_controller_a_block() const override { return one_controller_a_block_; }
    EventRoom event_room() const override { return room_; }
    void settle() override {}

    const float* const* process(const Block& block) override {
        const int frames = block.frames;
        if (frames < 1 || frames > block_size_)
            throw std::logic_error("a block of " + std::to_string(frames) + " frames");
        for (int channel = 0; channel < channel_count; ++channel) {
            auto& samples = samples_[static_cast<std::size_t>(channel)];
            samples.clear();  // earlier output is not valid any more
            for (int i = 0; i < frames; ++i)
                samples.push_back(block.audio
                                      ? block.audio[channel][i]
                                      : static_cast<float>((count_ + i) * channel_count + channel));
            pointers_[static_cast<std::size_t>(channel)] = samples.data();
        }
        count_ += frames;
        for (const auto& event : block.events) spoil(event, frames);
        print_block(block);
        return pointers_.data();
    }

 private:
    static EventRoom room_of(const Record& settings) {
        EventRoom room;
        const auto events = settings.integer("most_events");
        const auto bytes = settings.integer("most_event_bytes");
        if (events) room.events = static_cast<std::size_t>(*events);
        if (bytes) room.bytes = static_cast<std::size_t>(*bytes);
        return room;
    }

    void spoil(const BlockEvent& event, int frames) {
        if (event.offset < 0 || event.offset >= frames)
            throw std::logic_error("an event at " + std::to_string(event.offset) + " of " +
                                   std::to_string(frames) + " frames");
        if (event.bytes.size() != 3 || event.bytes[0] != 0x90 || event.bytes[1] < 126) return;
        using Limits = std::numeric_limits<float>;
        samples_[0][static_cast<std::size_t>(event.offset)] =
            event.bytes[1] == 126 ? Limits::quiet_NaN() : Limits::infinity();
    }

    static void print_block(const Block& block) {
        const auto& [frames, events, parameters, transport, timeline, audio, side_chain,
                     keep_denormals] = block;
        timeval clock{};
        gettimeofday(&clock, nullptr);
        std::cout << "{\"frame\":" << transport.frame << ",\"frames\":" << frames
                  << ",\"events\":[";
        for (const auto& event : events) {
            const std::string_view bytes(reinterpret_cast<const char*>(event.bytes.data()),
                                         event.bytes.size());
            std::cout << (&event == events.data() ? "[" : ",[") << event.offset << ","
                      << json_text(to_hex(bytes)) << "]";
        }
        const auto& music = transport.music;
        std::cout << "],\"parameters\":[";
        for (const auto& change : parameters)
            std::cout << (&change == parameters.data() ? "[" : ",[") << change.parameter << ","
                      << json_number(double{change.value}) << "]";
        std::cout << "],\"seconds\":" << json_number(transport.seconds)
                  << ",\"ppq\":" << json_number(music.quarters)
                  << ",\"bar_start_ppq\":" << json_number(music.bar_start_quarters)
                  << ",\"bpm\":" << json_number(music.bpm) << ",\"signature\":"
                  << json_text(std::to_string(music.numerator) + "/" +
                               std::to_string(music.denominator))
                  << ",\"playing\":" << json_flag(transport.playing)
                  << ",\"clock_us\":" << clock.tv_sec * 1000000 + clock.tv_usec << "}\n";
    }

    ProcessorInfo info_;
    int latency_;
    bool one_controller_a_block_;
    EventRoom room_;
    int block_size_;
    std::int64_t count_ = 0;
    std::array<std::vector<float>, channel_count> samples_;
    std::array<const float*, channel_count> pointers_{};
};

Score read_score(std::int64_t frames) {
    Score score;
    score.frames = frames;
    for (std::string line; std::getline(std::cin, line);) {
        std::istringstream words(line);
        std::int64_t frame = 0;
        std::string digits;
        words >> frame >> digits;
        const auto bytes = from_hex(digits).value_or("");
        score.events.push_back({frame, {bytes.begin(), bytes.end()}});
    }
    return score;
}

std::vector<std::string> elements(std::string_view array) {
    return json_elements(array).value_or(std::vector<std::string>());
}

// "lanes": [["linear", [[frame, value], ...]], ...], a parameter each.
std::vector<Automation> read_lanes(const Record& settings) {
    std::vector<Automation> lanes;
    for (const auto& lane : elements(settings.raw("lanes").value_or("[]"))) {
        const auto parts = elements(lane);
        const bool is_step = parts.at(0) == "\"step\"";
        lanes.push_back({.parameter = lanes.size(),
                         .points = {},
                         .shape = is_step ? Automation::Shape::step : Automation::Shape::linear});
        for (const auto& point : elements(parts.at(1))) {
            const auto pair = elements(point);
            lanes.back().points.push_back(
                {parse_whole<std::int64_t>(pair.at(0)).value(), parse_number(pair.at(1)).value()});
        }
    }
    return lanes;
}

Score score_of(const Record& settings) {
    const auto sample_rate = static_cast<int>(number_setting(settings, "sample_rate"));
    const auto tail = number_setting(settings, "tail");
    if (const auto path = settings.text("midi_path"))
        return song_score(read_midi_file(*path), number_setting(settings, "midi_duration"), tail,
                          sample_rate);
    if (const auto frames = settings.integer("frames")) return read_score(*frames);
    const Note note{static_cast<int>(number_setting(settings, "note")),
                    static_cast<int>(number_setting(settings, "velocity")),
                    number_setting(settings, "duration")};
    return note_score(note, tail, sample_rate);
}

ExitStatus run(const std::string& settings_text, const std::string& frames_path) {
    const Record settings(settings_text);
    const BlockSettings blocks{static_cast<int>(number_setting(settings, "sample_rate")),
                               static_cast<int>(number_setting(settings, "block_size"))};
    CountingProcessor processor(settings);
    auto score = score_of(settings);
    if (const auto heard = settings.integer("audio_frames"))
        score.audio = [left = *heard, sample = 0.0F](auto channels, int frames) mutable {
            for (int i = 0; i < frames; ++i) channels[0][i] = left-- > 0 ? ++sample : 0;
            std::fill_n(channels[1], frames, 0.0F);
        };
    if (const auto interval = settings.integer("control_interval"))
        score.control_interval = static_cast<int>(*interval);
    score.automation = read_lanes(settings);
    std::ofstream file(frames_path, std::ios::binary);
    Meter meter;
    std::int64_t rendered = 0;
    const auto take = [&](std::span<const float> samples) {
        if (samples.empty()) throw std::logic_error("the listener got an empty block");
        meter.add(samples);
        rendered += static_cast<std::int64_t>(samples.size()) / channel_count;
        file.write(reinterpret_cast<const char*>(samples.data()),
                   static_cast<std::streamsize>(samples.size_bytes()));
    };
    const auto show_time = [](const Transport& transport) { set_host_clock(transport.seconds); };
    render(processor, score, blocks, {.samples = take, .before_block = show_time});
    std::cout << "{\"rendered\":" << rendered
              << ",\"non_finite_samples\":" << meter.non_finite_samples()
              << ",\"peak\":" << json_number(meter.peak()) << "}\n";
    return ExitStatus::ok;
}

}  // namespace

int main(int argc, char** argv) {
    show_host_clock();
    return run_tool("render-loop", [&] { return run(argv[1], argc > 2 ? argv[2] : "/dev/null"); });
}
