// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "song/midi_reader.h"

#include <algorithm>
#include <functional>
#include <vector>

#include "base/byte_order.h"
#include "base/error.h"
#include "base/utf8.h"
#include "file/output.h"
#include "midi/midi_file.h"
#include "midi/midi_tracks.h"
#include "record/record.h"
#include "record/record_line.h"
#include "song/midi_events.h"
#include "song/tempo_map.h"

namespace patchpipe {
namespace {

constexpr int sequence_name = 0x03, marker_text = 0x06, end_of_track = 0x2f, set_tempo = 0x51,
              time_signature = 0x58;

int meta_type(const TickEvent& event) {
    const bool meta = event.bytes.size() >= 2 && event.bytes[0] == '\xff';
    return meta ? static_cast<unsigned char>(event.bytes[1]) : -1;
}

std::string_view data_of(const TickEvent& event) { return std::string_view(event.bytes).substr(2); }

// An event of the head, and where it is.
struct HeadEvent {
    TickEvent event;
    TickRank rank = TickRank::other;
    std::size_t track = 0;
    std::int64_t order = -1;  // in its tick, if that is not the usual one
};

struct Track {
    std::string name;
    std::int64_t name_order = -1, end = 0;
    bool named = false;
};

// The head are tempos, signatures and markers that records can hold, and a name at the beginning.
TickRank midi_rank(const TickEvent& event) {
    const int type = meta_type(event);
    if (type < 0) return TickRank::other;
    const auto data = data_of(event);
    constexpr int largest_exponent = 10;
    if (type == sequence_name && event.tick == 0 && is_utf8(data)) return TickRank::name;
    if (type == marker_text && is_utf8(data)) return TickRank::marker;
    if (type == set_tempo && data.size() == 3 && big_endian_number(data) > 0)
        return TickRank::tempo;
    const bool signature = type == time_signature && data.size() == 4 && data[0] > 0 &&
                           data[1] >= 0 && data[1] <= largest_exponent;
    return signature ? TickRank::signature : TickRank::other;
}

// Only the first name is the track's; another one is an event like others.
class Ranks {
 public:
    TickRank operator()(const TickEvent& event) {
        auto rank = midi_rank(event);
        if (rank == TickRank::name && named_) rank = TickRank::other;
        named_ = named_ || rank == TickRank::name;
        return rank;
    }

 private:
    bool named_ = false;
};

class MidiReader {
 public:
    MidiReader(const std::string& file, const std::string& path, const WriteLine& write)
        : path_(path), write_(write), file_(read_input(file, largest_midi_file), path) {}

    void read() {
        for (std::size_t i = 0; i < file_.size(); ++i) look(i);
        set_tempos();
        write_song();
        write_head();
        for (std::size_t i = 0; i < file_.size(); ++i) write_track(i);
    }

 private:
    void look(std::size_t track);
    void set_tempos();
    void write_song() const;
    void write_head() const;
    void write_track(std::size_t track);
    // The events of a track in ticks, but for its end.
    std::int64_t read_track(std::size_t track, const TickGroups::Use& use) const;
    [[nodiscard]] TickPlace place(std::int64_t tick) const;
    [[nodiscard]] RecordLine begin(std::string_view type, const HeadEvent& head) const;

    std::string path_;
    const WriteLine& write_;
    MidiTracks file_;
    TempoMap tempo_;
    std::vector<HeadEvent> head_;
    std::vector<Track> tracks_;
};

std::int64_t MidiReader::read_track(std::size_t track, const TickGroups::Use& use) const {
    TickGroups groups(use);
    try {
        const auto end = file_.read(track, [&](std::int64_t tick, std::string_view bytes) {
            TickEvent event{.tick = tick, .bytes = std::string(bytes)};
            if (meta_type(event) != end_of_track) groups.add(std::move(event));
        });
        groups.finish();
        return end;
    } catch (const Error&) {
        groups.finish();
        throw;
    }
}

void MidiReader::look(std::size_t number) {
    Track track;
    TickOrder order;
    Ranks ranks, ranks_again;
    try {
        track.end = read_track(number, [&](const std::vector<TickEvent>& events) {
            const bool usual = order.usual(events, std::ref(ranks));
            for (std::size_t i = 0; i < events.size(); ++i) {
                const auto rank = ranks_again(events[i]);
                const auto place = usual ? -1 : static_cast<std::int64_t>(i);
                if (rank == TickRank::name) {
                    track.name = data_of(events[i]);
                    track.name_order = place;
                    track.named = true;
                } else if (rank != TickRank::other) {
                    head_.push_back({events[i], rank, number, place});
                }
            }
        });
    } catch (const Error& error) {
        // What the track has before its defect is read; write_track() reports it.
        if (error.kind() != ErrorKind::corrupt) throw;
    }
    tracks_.push_back(std::move(track));
}

TickPlace MidiReader::place(std::int64_t tick) const {
    const auto& division = file_.chunks().division;
    const double units = static_cast<double>(tick) / division.ticks;
    if (division.seconds == 0) return {.time = tempo_.time_at(units), .beat = units};
    const double time = units * division.seconds;
    return {.time = time, .beat = tempo_.beat_at(time)};
}

double bpm_of(const TickEvent& event) {
    constexpr double microseconds = 60e6;
    return microseconds / static_cast<double>(big_endian_number(data_of(event)));
}

void MidiReader::set_tempos() {
    std::stable_sort(head_.begin(), head_.end(), [](const auto& one, const auto& other) {
        return one.event.tick < other.event.tick;
    });
    const auto& division = file_.chunks().division;
    for (const auto& head : head_) {
        if (head.rank != TickRank::tempo) continue;
        const double units = static_cast<double>(head.event.tick) / division.ticks;
        if (division.seconds == 0)
            tempo_.add_at_beat(units, bpm_of(head.event), false);
        else
            tempo_.add_at_time(units * division.seconds, bpm_of(head.event), false);
    }
}

void MidiReader::write_song() const {
    RecordLine song("song");
    song.text("format", "mid").text("path", path_).whole("midi_type", file_.chunks().type);
    if (file_.chunks().division.seconds == 0)
        song.whole("ticks_per_beat", file_.chunks().division.ticks);
    else
        song.whole("division", file_.chunks().division_word);
    std::int64_t end = 0;
    for (const auto& track : tracks_) end = std::max(end, track.end);
    song.number("length", place(end).time);
    write_(song.line());
}

RecordLine MidiReader::begin(std::string_view type, const HeadEvent& head) const {
    RecordLine record(type);
    const auto at = place(head.event.tick);
    record.number("time", at.time).number("beat", at.beat);
    if (head.track > 0) record.text("track", "t" + std::to_string(head.track + 1));
    if (head.order >= 0) record.whole("order", head.order);
    return record;
}

void MidiReader::write_head() const {
    for (const auto& head : head_)
        if (head.rank == TickRank::tempo)
            write_(begin("tempo", head).number("bpm", bpm_of(head.event)).line());
    for (const auto& head : head_) {
        if (head.rank != TickRank::signature) continue;
        const auto data = data_of(head.event);
        auto record = begin("signature", head);
        record.whole("numerator", static_cast<unsigned char>(data[0]));
        record.whole("denominator", 1 << data[1]);
        if (data[2] != 24) record.whole("clocks", static_cast<unsigned char>(data[2]));
        if (data[3] != 8) record.whole("thirtyseconds", static_cast<unsigned char>(data[3]));
        write_(record.line());
    }
    std::size_t markers = 0;
    for (const auto& head : head_)
        if (head.rank == TickRank::marker)
            write_(begin("marker", head)
                       .text("marker", "m" + std::to_string(++markers))
                       .text("name", data_of(head.event))
                       .line());
}

void MidiReader::write_track(std::size_t number) {
    const auto& track = tracks_[number];
    const auto id = "t" + std::to_string(number + 1);
    RecordLine record("track");
    record.text("track", id).text("kind", "midi");
    if (track.named) record.text("name", track.name);
    if (track.name_order >= 0) record.whole("name_order", track.name_order);
    const auto end = place(track.end);
    record.number("length", end.time).number("beats", end.beat);
    write_(record.line());
    EventRecords events(
        id, "", [this](std::int64_t tick) { return place(tick); }, write_);
    TickOrder order;
    Ranks ranks, ranks_again;
    try {
        read_track(number, [&](const std::vector<TickEvent>& tick) {
            const bool usual = order.usual(tick, std::ref(ranks));
            for (std::size_t i = 0; i < tick.size(); ++i)
                events.add_one(tick[i], usual ? -1 : static_cast<std::int64_t>(i),
                               ranks_again(tick[i]));
        });
    } catch (const Error& error) {
        events.finish();
        auto failed = error_record(error);
        failed.set("track", id);
        return write_(failed.line());
    }
    events.finish();
}

}  // namespace

bool is_midi(std::string_view head) { return head.starts_with("MThd"); }

void read_midi(const std::string& file, const std::string& path, const WriteLine& write) {
    MidiReader(file, path, write).read();
}

}  // namespace patchpipe
