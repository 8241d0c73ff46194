// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "play/read_event.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <initializer_list>
#include <utility>
#include <vector>

#include "base/json.h"
#include "base/number.h"
#include "base/words.h"
#include "job/parameter_settings.h"
#include "midi/time_map.h"
#include "record/settings.h"
#include "reload/comparison.h"

namespace patchpipe {
namespace {

constexpr int note_off = 0x80, note_on = 0x90, key_pressure = 0xa0, control_change = 0xb0,
              program_change = 0xc0, channel_pressure = 0xd0, pitch_bend = 0xe0, sysex = 0xf0,
              end_of_sysex = 0xf7;
constexpr double most_data = 127;

[[noreturn]] void refuse(std::string_view key, const std::string& why) {
    throw Error(ErrorKind::bad_record, key, why);
}

double number_in(const Record& record, std::string_view key, double least, double most) {
    const auto number = record.number(key);
    if (number && *number >= least && *number <= most) return *number;
    refuse(key, (number ? "is " + json_number(*number) : "is missing") + "; it must be " +
                    json_number(least) + " to " + json_number(most));
}

int data_in(const Record& record, std::string_view key, double least = 0, double most = most_data) {
    const auto number = number_in(record, key, least, most);
    if (number != std::floor(number)) refuse(key, "must be a whole number");
    return static_cast<int>(number);
}

void set_bytes(LiveEvent& event, std::span<const std::uint8_t> bytes) {
    event.size = static_cast<std::uint32_t>(bytes.size());
    std::copy(bytes.begin(), bytes.end(), event.bytes.begin());
}

// A message on the record's MIDI channel.
void set_message(LiveEvent& event, const Record& record, int status,
                 std::initializer_list<int> data) {
    const int midi_channel =
        record.number("midi_channel") ? data_in(record, "midi_channel", 1, 16) : 1;
    std::vector<std::uint8_t> bytes{static_cast<std::uint8_t>(status | (midi_channel - 1))};
    for (const int one : data) bytes.push_back(static_cast<std::uint8_t>(one));
    set_bytes(event, bytes);
}

int setting_in(const Record& record, std::string_view key) {
    return static_cast<int>(number_setting(record, key));
}

void read_note_on(LiveEvent& event, const Record& record, int) {
    set_message(event, record, note_on,
                {setting_in(record, "note"), setting_in(record, "velocity")});
}

void read_note(LiveEvent& event, const Record& record, int sample_rate) {
    read_note_on(event, record, sample_rate);
    event.kind = LiveEvent::Kind::note;
    const double begin = record.number("time").value_or(0);
    const double duration = number_setting(record, "duration");
    event.length = frame_at(begin + duration, sample_rate) - frame_at(begin, sample_rate);
}

void read_note_off(LiveEvent& event, const Record& record, int) {
    set_message(event, record, note_off, {setting_in(record, "note"), 0});
}

void read_control(LiveEvent& event, const Record& record, int) {
    set_message(event, record, control_change,
                {data_in(record, "control"), data_in(record, "value")});
}

void read_bend(LiveEvent& event, const Record& record, int) {
    constexpr int centre = 8192, most = 16383;
    const auto value = number_in(record, "value", -1, 1);
    const int bend = std::min(most, static_cast<int>(std::lround(centre + value * centre)));
    set_message(event, record, pitch_bend, {bend & 0x7f, bend >> 7});
}

void read_pressure(LiveEvent& event, const Record& record, int) {
    const int value = data_in(record, "value");
    if (record.number("note"))
        set_message(event, record, key_pressure, {setting_in(record, "note"), value});
    else
        set_message(event, record, channel_pressure, {value});
}

void read_program(LiveEvent& event, const Record& record, int) {
    set_message(event, record, program_change, {data_in(record, "program")});
}

// The bytes behind the first one of a channel message or of one from F1 on.
std::size_t data_bytes(int status) {
    const int kind = status < sysex ? status & 0xf0 : status;
    return kind == program_change || kind == channel_pressure || kind == 0xf1 || kind == 0xf3 ? 1
           : kind < sysex || kind == 0xf2                                                     ? 2
                                                                                              : 0;
}

bool is_message(std::span<const std::uint8_t> bytes) {
    if (bytes.empty() || bytes[0] < note_off || bytes[0] == end_of_sysex) return false;
    const bool is_sysex = bytes[0] == sysex;
    if (is_sysex && (bytes.size() < 2 || bytes.back() != end_of_sysex)) return false;
    const auto data = is_sysex ? bytes.subspan(1, bytes.size() - 2) : bytes.subspan(1);
    return (is_sysex || data.size() == data_bytes(bytes[0])) &&
           std::all_of(data.begin(), data.end(), [](auto byte) { return byte < 0x80; });
}

void read_midi(LiveEvent& event, const Record& record, int) {
    const auto elements = json_elements(record.raw("bytes").value_or(""));
    if (!elements) refuse("bytes", "must be a list of numbers, 0 to 255: a MIDI message");
    if (elements->size() > longest_live_bytes)
        refuse("bytes", "are " + std::to_string(elements->size()) + "; at most " +
                            std::to_string(longest_live_bytes) + " are possible");
    std::vector<std::uint8_t> bytes;
    for (const auto& element : *elements) {
        const auto byte = parse_whole<int>(element);
        if (!byte || *byte < 0 || *byte > 255)
            refuse("bytes", "has " + in_quotes(element) + ", which is not a number, 0 to 255");
        bytes.push_back(static_cast<std::uint8_t>(*byte));
    }
    if (!is_message(bytes)) refuse("bytes", "are not one whole MIDI message");
    set_bytes(event, bytes);
}

void read_reset(LiveEvent& event, const Record&, int) { event.kind = LiveEvent::Kind::reset; }

void read_stop(LiveEvent& event, const Record&, int) { event.kind = LiveEvent::Kind::stop; }

void read_parameter(LiveEvent& event, const Record& record, const ParameterFinder& parameters) {
    const auto name = record.text("parameter");
    if (!name) refuse("parameter", "is missing; it is a name, id:ID or #INDEX");
    event.parameter = static_cast<std::uint32_t>(parameters.index_of(*name));
    if (!record.raw("value").value_or("").starts_with('"')) {
        event.kind = LiveEvent::Kind::parameter;
        event.value = number_in(record, "value", 0, 1);
        return;
    }
    const auto text = *record.text("value");
    if (text.size() > longest_live_bytes)
        refuse("value", "has " + std::to_string(text.size()) + " bytes; at most " +
                            std::to_string(longest_live_bytes) + " are possible");
    event.kind = LiveEvent::Kind::text;
    set_bytes(event, {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

void read_listen(LiveEvent& event, const Record& record, int) {
    const auto listening = listening_named(record.text("to").value_or(""));
    if (!listening) refuse("to", "must be new, old or difference");
    event.kind = LiveEvent::Kind::parameter;
    event.parameter = listening_parameter;
    event.value = static_cast<double>(*listening);
}

using Reader = void (*)(LiveEvent& event, const Record& record, int sample_rate);
constexpr std::pair<std::string_view, Reader> readers[] = {
    {"note", read_note},       {"note_on", read_note_on}, {"note_off", read_note_off},
    {"control", read_control}, {"bend", read_bend},       {"pressure", read_pressure},
    {"program", read_program}, {"midi", read_midi},       {"reset", read_reset},
    {"stop", read_stop},       {"listen", read_listen}};

void read_body(LiveEvent& event, const Record& record, const ParameterFinder& parameters,
               int sample_rate) {
    const auto type = record.text("type").value_or("");
    if (type == "parameter") return read_parameter(event, record, parameters);
    std::vector<std::string_view> known{"parameter"};
    for (const auto& [name, read] : readers) {
        if (type == name) return read(event, record, sample_rate);
        known.push_back(name);
    }
    refuse("type", (type.empty() ? "is missing" : "is " + in_quotes(type)) + "; there are " +
                       joined(known, ", ", " and "));
}

}  // namespace

LiveEvent read_event(const Record& record, const ParameterFinder& parameters, int sample_rate) {
    constexpr double longest = 1e6;
    LiveEvent event;
    if (record.number("time"))
        event.frame = frame_at(number_in(record, "time", 0, longest), sample_rate);
    read_body(event, record, parameters, sample_rate);
    return event;
}

}  // namespace patchpipe
