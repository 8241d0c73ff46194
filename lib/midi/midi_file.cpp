// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "midi/midi_file.h"

#include <juce_audio_basics/juce_audio_basics.h>

#include <algorithm>
#include <array>
#include <span>

#include "base/error.h"
#include "file/read_file.h"
#include "midi/chunks.h"
#include "midi/tick_clock.h"
#include "midi/track.h"

namespace patchpipe {
namespace {

using Message = juce::MidiMessage;  // its time stamp is in ticks

// The parts of a file's tracks that are used, in order of time.
struct Timeline {
    MidiDivision division;
    std::vector<Message> messages;
    double last_tick = 0;
};

Timeline parse_timeline(std::string_view text, const std::string& path,
                        bool (*wanted)(const Message&)) {
    const auto chunks =
        parse_midi_chunks({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}, path);
    Timeline timeline{.division = chunks.division, .messages = {}};
    const auto take = [&](const Message& message) {
        if (!wanted(message)) return;
        if (timeline.messages.size() == most_midi_events)
            throw Error(ErrorKind::unsupported, path,
                        "has more than " + std::to_string(most_midi_events) +
                            " events, the limit for one file; remove some");
        timeline.messages.push_back(message);
    };
    for (std::size_t i = 0; i < chunks.tracks.size(); ++i) {
        const double end = parse_midi_track(chunks.tracks[i], path, i + 1, take);
        timeline.last_tick = std::max(timeline.last_tick, end);
    }
    std::stable_sort(
        timeline.messages.begin(), timeline.messages.end(),
        [](const auto& a, const auto& b) { return a.getTimeStamp() < b.getTimeStamp(); });
    return timeline;
}

// How many times each note of each MIDI channel has begun and not ended.
using Sounding = std::array<int, 16 * 128>;

int& sounding_of(Sounding& sounding, const Message& note) {
    return sounding[static_cast<std::size_t>((note.getChannel() - 1) * 128 + note.getNoteNumber())];
}

// Messages of one tick: the note-offs that end a note begun before go in front of the first
// note-on. A note that begins and ends in this tick stays as it is, or it would never end.
void order_simultaneous(std::span<Message> messages, Sounding& sounding) {
    std::vector<Message> front, back;
    bool note_on_seen = false;
    for (auto& message : messages) {
        note_on_seen = note_on_seen || message.isNoteOn();
        const bool ends_note = message.isNoteOff() && sounding_of(sounding, message) > 0;
        if (ends_note) --sounding_of(sounding, message);
        (note_on_seen && !ends_note ? back : front).push_back(std::move(message));
    }
    for (const auto& message : back) {
        if (message.isNoteOn()) ++sounding_of(sounding, message);
        if (message.isNoteOff() && sounding_of(sounding, message) > 0)
            --sounding_of(sounding, message);
    }
    const auto rest = std::move(front.begin(), front.end(), messages.begin());
    std::move(back.begin(), back.end(), rest);
}

void order_notes(std::vector<Message>& messages) {
    Sounding sounding{};
    for (auto begin = messages.begin(); begin != messages.end();) {
        const auto end = std::find_if(begin, messages.end(), [&](const Message& message) {
            return message.getTimeStamp() != begin->getTimeStamp();
        });
        order_simultaneous({begin, end}, sounding);
        begin = end;
    }
}

void add_tempo(TimeMap& map, const TickClock& clock, double tick, double seconds_per_quarter) {
    auto& last = map.tempos.back();
    TempoPoint point{
        .seconds = clock.seconds_at(tick), .quarters = clock.quarters_at(tick), .bpm = last.bpm};
    if (seconds_per_quarter > 0) point.bpm = 60 / seconds_per_quarter;
    if (last.quarters == point.quarters)
        last = point;
    else
        map.tempos.push_back(point);
}

// A meaningless one is skipped, since a time signature does not change what sounds when.
void add_signature(TimeMap& map, const TickClock& clock, const Message& message) {
    constexpr int largest_exponent = 10;
    const auto* data = message.getMetaEventData();
    if (message.getMetaEventLength() < 2 || data[0] == 0 || data[1] > largest_exponent) return;
    SignaturePoint point{.quarters = clock.quarters_at(message.getTimeStamp())};
    message.getTimeSignatureInfo(point.numerator, point.denominator);
    if (map.signatures.back().quarters == point.quarters)
        map.signatures.back() = point;
    else
        map.signatures.push_back(point);
}

}  // namespace

MidiSong read_midi_file(const std::string& path) {
    return parse_midi_file(read_file(path, largest_midi_file), path);
}

MidiSong parse_midi_file(std::string_view bytes, const std::string& path) {
    auto timeline = parse_timeline(bytes, path, [](const Message& message) {
        return !message.isMetaEvent() || message.isTempoMetaEvent() ||
               message.isTimeSignatureMetaEvent();
    });
    order_notes(timeline.messages);
    MidiSong song;
    TickClock clock(timeline.division);
    for (const auto& message : timeline.messages) {
        const double tick = message.getTimeStamp();
        const auto* data = message.getRawData();
        if (message.isTempoMetaEvent()) {
            add_tempo(song.time_map, clock, tick, message.getTempoSecondsPerQuarterNote());
            clock.set_tempo(tick, message.getTempoSecondsPerQuarterNote());
        } else if (message.isTimeSignatureMetaEvent()) {
            add_signature(song.time_map, clock, message);
        } else {
            song.events.push_back(
                {clock.seconds_at(tick), {data, data + message.getRawDataSize()}});
        }
    }
    song.duration = clock.seconds_at(timeline.last_tick);
    return song;
}

double midi_duration(const std::string& path) {
    const auto timeline =
        parse_timeline(read_file(path, largest_midi_file), path,
                       [](const Message& message) { return message.isTempoMetaEvent(); });
    TickClock clock(timeline.division);
    for (const auto& tempo : timeline.messages)
        clock.set_tempo(tempo.getTimeStamp(), tempo.getTempoSecondsPerQuarterNote());
    return clock.seconds_at(timeline.last_tick);
}

}  // namespace patchpipe
