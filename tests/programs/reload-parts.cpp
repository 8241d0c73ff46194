// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The parts of a reload that know neither plug-ins nor processes.
//
//     reload-parts held         MIDI messages as lists of numbers, a line each: writes what
//                               leads to the same
//     reload-parts settling MS  lines of milliseconds and a hash, "-" if there is none: writes
//                               those at which the content has come to rest
//     reload-parts sources      names, a line each: writes those of source files
//     reload-parts diagnostics  what a build printed: writes the errors as records

#include <iostream>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/words.h"
#include "record/record.h"
#include "reload/held_notes.h"
#include "watch/diagnostics.h"
#include "watch/settling.h"
#include "watch/source_names.h"

using namespace patchpipe;

namespace {

std::string list_of(const MidiBytes& message) {
    std::vector<std::string> numbers;
    for (const auto byte : message) numbers.push_back(std::to_string(byte));
    return "[" + joined(numbers, ",") + "]";
}

void show_held() {
    HeldNotes held;
    for (std::string line; std::getline(std::cin, line);) {
        MidiBytes message;
        const auto numbers = json_elements(line).value_or(std::vector<std::string>());
        for (const auto& number : numbers)
            message.push_back(static_cast<std::uint8_t>(std::stoi(number)));
        held.take(message);
    }
    for (const auto& message : held.replay()) std::cout << list_of(message) << '\n';
}

void show_settling(int rest) {
    using std::chrono::milliseconds;
    Settling settling("first", milliseconds(rest));
    int at = 0;
    for (std::string hash; std::cin >> at >> hash;)
        if (settling.see(hash == "-" ? "" : hash, Settling::Time(milliseconds(at))))
            std::cout << at << ' ' << hash << '\n';
}

void show_sources() {
    for (std::string name; std::getline(std::cin, name);)
        if (is_source_name(name)) std::cout << name << '\n';
}

void show_diagnostics() {
    Diagnostics diagnostics;
    for (std::string line; std::getline(std::cin, line);)
        if (const auto error = diagnostics.take(line))
            std::cout << error_record(*error).line() << '\n';
}

}  // namespace

int main(int argc, char** argv) {
    const std::string what = argc > 1 ? argv[1] : "";
    if (what == "held") show_held();
    if (what == "settling" && argc > 2) show_settling(std::stoi(argv[2]));
    if (what == "sources") show_sources();
    if (what == "diagnostics") show_diagnostics();
    return 0;
}
