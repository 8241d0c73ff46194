// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// usage: audio-tags FILE...
// Prints what lib/audio reads of each file: container, length and tags, as a line of JSON.

#include <iostream>

#include "audio/audio_reader.h"
#include "base/json.h"
#include "cli/tool.h"

using namespace patchpipe;

namespace {

std::string sampled_json(const SampledNote& sampled) {
    std::string json = "{\"note\":" + json_number(std::int64_t{sampled.note}) +
                       ",\"cents\":" + json_number(std::int64_t{sampled.cents}) + ",\"loops\":[";
    for (const auto& loop : sampled.loops)
        json += (json.ends_with('[') ? "[" : ",[") +
                json_number(static_cast<std::int64_t>(loop.kind)) + "," + json_number(loop.begin) +
                "," + json_number(loop.end) + "]";
    return json + "]}";
}

void print(const std::string& path) {
    const AudioReader reader(path);
    const auto tags = reader.tags();
    std::string json = "{\"container\":";
    json += reader.container() ? json_text(container_name(*reader.container())) : "null";
    json += ",\"frames\":" + json_number(reader.frames());
    if (!tags.comment.empty()) json += ",\"comment\":" + json_text(tags.comment);
    for (const auto& field : tags.fields)
        json += "," + json_text(field.name) + ":" + json_text(field.value);
    if (tags.sampled) json += ",\"sampled\":" + sampled_json(*tags.sampled);
    std::cout << json << "}\n";
}

}  // namespace

int main(int argc, char** argv) {
    return run_tool("audio-tags", [&] {
        for (int i = 1; i < argc; ++i) print(argv[i]);
        return ExitStatus::ok;
    });
}
