// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Logic libraries as a host uses them that exchanges one for its next build while it plays.
//
//     logic cycles FILE N       loads and unloads it, and writes what is left of that
//     logic reload OLD NEW P V  plays a note, in the middle of which NEW takes over, with the
//                               parameter P at V from the beginning; writes what NEW took over, and
//                               the sum of the samples after that beside what OLD would have given

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>

#include "base/json.h"
#include "logic/instance.h"
#include "logic/logic.h"
#include "logic/parameters.h"
#include "record/record.h"

using namespace patchpipe;

namespace {

std::int64_t open_files() {
    const std::filesystem::directory_iterator files("/proc/self/fd");
    return std::distance(begin(files), end(files));
}

std::int64_t mappings() {
    std::ifstream maps("/proc/self/maps");
    std::int64_t count = 0;
    for (std::string line; std::getline(maps, line);) count += line.find("memfd:") != line.npos;
    return count;
}

void cycles(const std::string& path, int count) {
    const auto files = open_files();
    bool unloaded = true;
    for (int i = 0; i < count; ++i) {
        LogicLibrary library(path);
        unloaded = library.unload() && unloaded;
    }
    Record result("{}");
    result.set("unloaded", unloaded);
    result.set("files_left", open_files() - files);
    result.set("mappings_left", mappings());
    std::cout << result.line() << '\n';
}

constexpr std::uint32_t block_size = 64;

// An instance and its parameters, prepared.
struct Build {
    explicit Build(const std::string& path)
        : instance(std::make_shared<const LogicLibrary>(path)), parameters(instance.logic()) {}

    void reset() { instance.reset(48000, block_size, true, parameters.values()); }

    // The samples of so many blocks, the first of which begins with the message.
    std::vector<float> play(int blocks, const std::vector<std::uint8_t>& message) {
        const std::vector<float> silence(block_size);
        std::vector<float> samples, meters(instance.logic().meter_count);
        std::vector<std::vector<float>> outputs(instance.logic().outputs, silence);
        const std::vector<const float*> in(instance.logic().inputs, silence.data());
        std::vector<float*> out;
        for (auto& output : outputs) out.push_back(output.data());
        const patchpipe_transport transport{};
        patchpipe_event event{};
        event.bytes = message.data();
        event.size = static_cast<std::uint32_t>(message.size());
        for (int i = 0; i < blocks; ++i) {
            patchpipe_block given{};
            given.inputs = in.data();
            given.outputs = out.data();
            given.events = &event;
            given.event_count = i == 0 && !message.empty();
            given.parameters = parameters.values().data();
            given.meters = meters.data();
            given.transport = &transport;
            given.frames = block_size;
            (void)instance.process(given);
            samples.insert(samples.end(), outputs[0].begin(), outputs[0].end());
        }
        return samples;
    }

    LogicInstance instance;
    LogicParameters parameters;
};

std::string text_of(const LogicParameterChange& change) {
    using What = LogicParameterChange::What;
    if (change.what == What::added) return "added " + change.id;
    if (change.what == What::removed) return "removed " + change.id;
    return "range " + change.id + " " + json_number(change.before) + " " +
           json_number(change.after);
}

void reload(const std::string& old_path, const std::string& new_path, const std::string& id,
            double value) {
    Build before(old_path);
    before.parameters.set(before.parameters.find(id).value(), value);
    before.reset();
    (void)before.play(100, {0x90, 69, 100});
    const auto state = before.instance.save();

    Build after(new_path);
    std::vector<std::string> changes;
    for (const auto& change : after.parameters.take_values(before.parameters))
        changes.push_back(text_of(change));
    after.reset();
    const bool taken = state && after.instance.load(*state);
    after.instance.changed(after.parameters.values());
    const auto kept = after.parameters.find(id);

    const auto expected = before.play(100, {}), played = after.play(100, {});
    Record result("{}");
    result.set("state_taken", taken);
    result.set_json("value", kept ? json_number(after.parameters.values()[*kept]) : "null");
    result.set_json("changes", json_list(changes));
    result.set("same", played == expected);
    result.set("sounds", std::any_of(played.begin(), played.end(), [](float s) { return s != 0; }));
    std::cout << result.line() << '\n';
}

}  // namespace

int main(int argc, char** argv) try {
    const std::string what = argc > 1 ? argv[1] : "";
    if (what == "cycles" && argc == 4)
        cycles(argv[2], std::atoi(argv[3]));
    else if (what == "reload" && argc == 6)
        reload(argv[2], argv[3], argv[4], std::strtod(argv[5], nullptr));
    else
        return 2;
    return 0;
} catch (const Error& error) {
    std::cerr << error.what() << '\n';
    return 1;
}
