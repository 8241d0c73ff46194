// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "song/rpp_source.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/json.h"

namespace patchpipe {
namespace {

constexpr std::string_view audio_formats[] = {"WAVE",    "FLAC", "MP3",  "VORBIS", "OPUS",
                                              "WAVPACK", "REX",  "AIFF", "LTC"};

std::string_view kind_of(const TakeSource& source) {
    if (source.offline) return "offline";
    if (source.is_midi()) return "midi";
    const auto* const end = std::end(audio_formats);
    if (std::find(std::begin(audio_formats), end, source.format) != end) return "audio";
    if (source.format == "VIDEO") return "video";
    if (source.format == "CLICK") return "click";
    if (source.format == "RPP_PROJECT") return "project";
    if (source.format == "EMPTY" || source.format.empty()) return "empty";
    return "other";
}

}  // namespace

std::string TakeSource::json() const {
    std::string json = "{\"kind\":" + json_text(kind_of(*this));
    const auto text = [&](std::string_view key, const std::string& value) {
        if (!value.empty())
            json += ",\"" + std::string(key) + "\":" + json_text(text_as_utf8(value));
    };
    const auto number = [&](std::string_view key, double value) {
        json += ",\"" + std::string(key) + "\":" + json_number(value);
    };
    text("format", format);
    text("path", path);
    if (section) {
        number("from", section_start);
        number("section_length", section_length);
        number("mode", section_mode);
    }
    if (is_midi() && (ticks > 0 || path.empty()))
        number("beats", static_cast<double>(ticks) / ticks_per_beat);
    if (is_midi()) number("ticks_per_beat", ticks_per_beat);
    if (own_bpm > 0) number("bpm", own_bpm);
    text("pool", pool);
    return json + "}";
}

void SourceLook::take(std::size_t below, const RppLine& line) {
    std::int64_t ticks = 0;
    if (is_midi_line(line, ticks)) {
        constexpr auto most = std::int64_t{1} << 52;
        source_.ticks = std::min(source_.ticks + ticks, most);
        return;
    }
    const auto tag = line.tag();
    if (line.kind == RppKind::open && tag == "SOURCE" && below <= 1) {
        fields_.split(line.text());
        std::string_view format = fields_.text(1);
        source_.offline = format.starts_with("_OFFLINE_");
        if (source_.offline) format.remove_prefix(std::string_view("_OFFLINE_").size());
        source_.section = source_.section || format == "SECTION";
        if (format != "SECTION") source_.format = text_as_utf8(format);
        return;
    }
    if (below == 0 || !is_source_line(line)) return;
    fields_.split(line.text());
    if (tag == "FILE") source_.path = fields_.text(1);
    if (tag == "POOLEDEVTS") source_.pool = fields_.text(1);
    if (tag == "LENGTH") source_.section_length = fields_.number(1);
    if (tag == "STARTPOS") source_.section_start = fields_.number(1);
    if (tag == "MODE") source_.section_mode = fields_.number(1);
    if (tag == "HASDATA" && fields_.number(2) >= 1) source_.ticks_per_beat = fields_.number(2);
    if (tag == "IGNTEMPO" && fields_.number(1) == 1) source_.own_bpm = fields_.number(2);
}

bool is_source_line(const RppLine& line) {
    constexpr std::string_view tags[] = {"FILE",    "LENGTH",   "STARTPOS",  "MODE",
                                         "HASDATA", "IGNTEMPO", "POOLEDEVTS"};
    const auto tag = line.tag();
    return line.kind == RppKind::plain && tag.size() >= 4 &&
           std::find(std::begin(tags), std::end(tags), tag) != std::end(tags);
}

bool is_midi_line(const RppLine& line, std::int64_t& ticks) {
    const auto body = rpp_body(line.text());
    std::size_t skip = 0;
    if (line.kind == RppKind::plain && !body.empty() &&
        (body[0] == 'E' || body[0] == 'e' || body[0] == 'X' || body[0] == 'x'))
        skip = body.size() > 1 && body[1] == 'm' ? 2 : 1;
    if (line.kind == RppKind::open && (body.starts_with("<X ") || body.starts_with("<x ") ||
                                       body.starts_with("<Xm ") || body.starts_with("<xm ")))
        skip = body[2] == 'm' ? 3 : 2;
    if (skip == 0 || body.size() <= skip + 1 || body[skip] != ' ') return false;
    std::int64_t value = 0;
    const auto* const end = body.data() + body.size();
    if (std::from_chars(body.data() + skip + 1, end, value).ec != std::errc{}) return false;
    constexpr auto most = std::int64_t{1} << 40;
    ticks = std::clamp<std::int64_t>(value, 0, most);
    return true;
}

}  // namespace patchpipe
