// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// usage: song-routing <SONG
// Reads song records and prints what lib/song/routing.h makes of them: a line of JSON for each
// track in order, and one with the number of stages.

#include <iostream>

#include "cli/tool.h"
#include "record/record_line.h"
#include "song/routing.h"

using namespace patchpipe;

namespace {

std::string list(const SongModel::Ids& ids) {
    std::string text = "[";
    for (const auto& id : ids) text += (text.size() > 1 ? "," : "") + json_text(id);
    return text + "]";
}

void print(const RoutedTrack& track) {
    SongModel::Ids takes;
    for (const auto& take : track.takes) {
        takes.push_back(take.item);
        for (const auto& effect : take.effects) takes.back() += " " + effect;
    }
    RecordLine line("track");
    line.text("track", track.track).flag("heard", track.heard).json("takes", list(takes));
    line.json("children", list(track.children)).json("receives", list(track.receives));
    line.json("effects", list(track.effects)).flag("has_audio", track.has_audio);
    line.flag("needs_input", track.needs_input).whole("stage", track.stage);
    std::cout << line.line() << '\n';
}

ExitStatus run() {
    SongModel song;
    for (std::string line; std::getline(std::cin, line);) song.add(Record(line));
    const Routing routing(song);
    for (const auto& track : routing.tracks()) print(track);
    std::cout << "{\"stages\":" << routing.stages() << "}\n";
    return ExitStatus::ok;
}

}  // namespace

int main() {
    return run_tool("song-routing", [&] { return run(); });
}
