// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "module/module_requests.h"

#include "base/json.h"
#include "record/record_line.h"

namespace patchpipe {
namespace {

int number_in(const Record& record, std::string_view key, int missing) {
    return static_cast<int>(record.integer(key).value_or(missing));
}

}  // namespace

std::string json_list_as_utf8(std::vector<std::string> texts) {
    for (auto& text : texts) text = text_as_utf8(text);
    return json_list(texts);
}

std::vector<std::string> texts_in(const Record& record, std::string_view key) {
    return json_texts(record.raw(key).value_or("[]"));
}

Record play_request(const ModulePlay& play) {
    Record request("{}");
    request.set("interpolation", play.sound.interpolation);
    request.set("separation", play.sound.separation);
    request.set("amiga", play.sound.amiga);
    request.set("plugins", play.sound.plugins);
    request.set("subsong", play.subsong);
    request.set("sample_rate", play.sample_rate);
    request.set("loops", play.loops);
    request.set("fade", play.fade);
    request.set("longest", play.longest);
    request.set("solo_channel", play.channel);
    request.set("solo_voice", play.voice);
    return request;
}

ModulePlay play_in(const Record& request) {
    ModulePlay play;
    play.sound = {.interpolation = number_in(request, "interpolation", play.sound.interpolation),
                  .separation = number_in(request, "separation", play.sound.separation),
                  .amiga = request.text("amiga").value_or(play.sound.amiga),
                  .plugins = request.flag("plugins").value_or(play.sound.plugins)};
    play.subsong = number_in(request, "subsong", play.subsong);
    play.sample_rate = number_in(request, "sample_rate", play.sample_rate);
    play.loops = number_in(request, "loops", play.loops);
    play.fade = request.number("fade").value_or(play.fade);
    play.longest = request.number("longest").value_or(play.longest);
    play.channel = number_in(request, "solo_channel", play.channel);
    play.voice = number_in(request, "solo_voice", play.voice);
    return play;
}

Record info_answer(const ModuleInfo& info) {
    Record answer("{\"status\":\"ok\"}");
    answer.set("format", text_as_utf8(info.format));
    answer.set("title", text_as_utf8(info.title));
    answer.set("channels", info.channels);
    answer.set("subsongs", info.subsongs);
    answer.set_json("instruments", json_list_as_utf8(info.instruments));
    answer.set_json("samples", json_list_as_utf8(info.samples));
    answer.set_json("channel_names", json_list_as_utf8(info.channel_names));
    answer.set_json("subsong_names", json_list_as_utf8(info.subsong_names));
    answer.set_json("warnings", json_list_as_utf8(info.warnings));
    return answer;
}

ModuleInfo info_in(const Record& answer) {
    return {.format = answer.text("format").value_or(""),
            .title = answer.text("title").value_or(""),
            .artist = "",
            .tracker = "",
            .message = "",
            .channels = number_in(answer, "channels", 0),
            .subsongs = number_in(answer, "subsongs", 0),
            .instruments = texts_in(answer, "instruments"),
            .samples = texts_in(answer, "samples"),
            .channel_names = texts_in(answer, "channel_names"),
            .subsong_names = texts_in(answer, "subsong_names"),
            .warnings = texts_in(answer, "warnings")};
}

}  // namespace patchpipe
