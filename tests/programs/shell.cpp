// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The shell without a plug-in's format (lib/shell), as hosts call it. Reads what to do, a line
// each, and writes the shell's records and answers:
//
//     load PATH                 state                   restore STATE
//     prepare RATE BLOCK CHANNELS live|offline          reset
//     play FRAMES [MESSAGE]...  one block, its MIDI messages as hexadecimal digits at its first
//                               frame; the audio goes to the file out, as raw floats
//     input VALUE|count         the audio that goes in from now on; none at first; count is the
//                               number of each frame divided by 2^20
//     bypass on|off             as hosts bypass it
//     set SLOT VALUE            shows SLOT              meter INDEX
//     await EVENT [COUNT]       plays silence out of sight until there are so many records of it
//     hear EVENT                the same, but heard
//     latency                   as a host is told
//     while-saving              plays blocks of 64 frames while another thread asks for the state;
//                               in the tenth a note begins
//     skipped                   the number of blocks
//     say TEXT

#include <atomic>
#include <fstream>
#include <iostream>
#include <map>
#include <mutex>
#include <sstream>
#include <thread>
#include <vector>

#include "base/hex.h"
#include "base/real_time.h"
#include "shell/shell.h"

using namespace patchpipe;

namespace {

class Host {
 public:
    Host() : shell_([this](const Record& record) { take(record); }) {}

    void run(const std::string& line) {
        std::istringstream words(line);
        std::string word;
        words >> word;
        if (word == "load") shell_.load(rest(words));
        if (word == "restore") shell_.set_state(rest(words));
        if (word == "state") std::cout << shell_.state() << std::endl;
        if (word == "prepare") prepare(words);
        if (word == "reset") shell_.reset();
        if (word == "play") play(words);
        if (word == "input") set_input(rest(words));
        if (word == "bypass") bypassed_ = rest(words) == "on";
        if (word == "latency") show_latency();
        if (word == "set") set(words);
        if (word == "shows") show(words);
        if (word == "meter") show_meter(words);
        if (word == "await") await(words, false);
        if (word == "hear") await(words, true);
        if (word == "while-saving") play_while_saving();
        if (word == "say") std::cout << rest(words) << std::endl;
        if (word == "skipped") std::cout << shell_.stage().skipped_blocks() << std::endl;
    }

 private:
    static std::string rest(std::istream& words) {
        std::string text;
        std::getline(words >> std::ws, text);
        return text;
    }

    void take(const Record& record) {
        const std::lock_guard lock(mutex_);
        ++events_[record.text("event").value_or("")];
        std::cout << record.line() << std::endl;
    }

    void set_input(const std::string& text) {
        has_input_ = true;
        counts_ = text == "count";
        if (!counts_) input_ = std::stof(text);
    }

    void show_latency() {
        Record shown("{}");
        shown.set("latency", shell_.status().latency_frames);
        std::cout << shown.line() << std::endl;
    }

    void prepare(std::istream& words) {
        std::string mode;
        words >> settings_.blocks.sample_rate >> settings_.blocks.block_size >> settings_.outputs >>
            mode;
        settings_.blocks.live = mode == "live";
        shell_.prepare(settings_);
    }

    void play(std::istream& words) {
        int frames = 0;
        words >> frames;
        std::vector<std::string> messages;
        for (std::string text; words >> text;) messages.push_back(from_hex(text).value_or(""));
        write(block(frames, messages));
    }

    std::vector<std::vector<float>> block(int frames, const std::vector<std::string>& messages) {
        std::vector<BlockEvent> events;
        for (const auto& message : messages)
            if (!message.empty())
                events.push_back(
                    {0, {reinterpret_cast<const std::uint8_t*>(message.data()), message.size()}});
        const auto count = static_cast<std::size_t>(frames);
        std::vector channels(settings_.outputs, std::vector<float>(count, input_));
        if (counts_)
            for (auto& channel : channels)
                for (std::size_t i = 0; i < count; ++i)
                    channel[i] = static_cast<float>(frame_ + i) / (1 << 20);
        frame_ += count;
        std::vector<float*> outputs;
        for (auto& channel : channels) outputs.push_back(channel.data());
        std::vector<const float*> inputs(outputs.begin(), outputs.end());
        if (!has_input_) inputs.clear();
        shell_.process({.frames = frames,
                        .inputs = inputs,
                        .outputs = outputs,
                        .events = events,
                        .transport = {},
                        .offline = !settings_.blocks.live,
                        .bypassed = bypassed_});
        return channels;
    }

    void write(const std::vector<std::vector<float>>& channels) {
        for (std::size_t i = 0; i < channels[0].size(); ++i)
            for (const auto& channel : channels)
                out_.write(reinterpret_cast<const char*>(&channel[i]), sizeof(float));
        out_.flush();
    }

    void set(std::istream& words) {
        std::size_t slot = 0;
        float value = 0;
        words >> slot >> value;
        shell_.slot(slot).set(value);
    }

    void show(std::istream& words) {
        std::size_t slot = 0;
        words >> slot;
        const auto parameter = shell_.parameter(slot);
        Record shown("{}");
        shown.set("id", parameter ? parameter->id : "");
        shown.set("value", static_cast<double>(shell_.slot(slot).get()));
        shown.set("text", shell_.text(slot, shell_.slot(slot).get()));
        std::cout << shown.line() << std::endl;
    }

    void show_meter(std::istream& words) {
        std::size_t index = 0;
        words >> index;
        Record shown("{}");
        shown.set("meter", shell_.status().meters.at(index).id);
        shown.set("shown", static_cast<double>(shell_.stage().meter(index)));
        std::cout << shown.line() << std::endl;
    }

    void await(std::istream& words, bool heard) {
        std::string event;
        int count = 1;
        words >> event >> count;
        const auto until = RealClock::now() + std::chrono::seconds(20);
        while (times(event) < count && RealClock::now() < until) {
            const auto audio = block(64, {});
            if (heard) write(audio);
            shell_.clean_up();
            real_sleep(std::chrono::milliseconds(1));
        }
        if (times(event) < count) std::cout << "no " << event << std::endl;
    }

    int times(const std::string& event) {
        const std::lock_guard lock(mutex_);
        return events_[event];
    }

    void play_while_saving() {
        std::atomic<bool> saved = false;
        std::jthread saver([&] {
            (void)shell_.state();
            saved = true;
        });
        for (int count = 0; !saved; ++count) {
            write(block(64, {count == 10 ? "\x90\x39\x64" : ""}));
            real_sleep(std::chrono::milliseconds(1));
        }
    }

    ShellSettings settings_;
    bool has_input_ = false, counts_ = false, bypassed_ = false;
    std::size_t frame_ = 0;
    float input_ = 0;
    std::ofstream out_{"out"};
    std::mutex mutex_;
    std::map<std::string, int> events_;
    Shell shell_;
};

}  // namespace

int main() {
    Host host;
    for (std::string line; std::getline(std::cin, line);) host.run(line);
}
