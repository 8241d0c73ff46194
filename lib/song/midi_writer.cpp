// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "song/midi_writer.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/byte_order.h"
#include "base/error.h"
#include "song/drums.h"
#include "song/event_list.h"
#include "song/file_beats.h"
#include "song/rpp_writer.h"

namespace patchpipe {
namespace {

// What a number of variable length can hold.
constexpr std::int64_t largest_number = 0x0fffffff;

void append_number(std::string& bytes, std::int64_t number) {
    if (number > largest_number)
        throw Error(ErrorKind::unsupported, "song",
                    "has a pause or an event that is too long for a MIDI file; shorten it");
    for (int shift = 21; shift > 0; shift -= 7)
        if (number >> shift != 0) bytes += static_cast<char>(0x80 | (number >> shift & 127));
    bytes += static_cast<char>(number & 127);
}

void append_event(std::string& bytes, const TickEvent& event) {
    const auto first = static_cast<unsigned char>(event.bytes[0]);
    const auto head = first == 0xff ? 2U : first == 0xf0 ? 1U : 0U;
    if (head == 0) {
        bytes += event.bytes;
        return;
    }
    bytes += event.bytes.substr(0, head);
    append_number(bytes, static_cast<std::int64_t>(event.bytes.size() - head));
    bytes += event.bytes.substr(head);
}

std::string signature_bytes(const Record& record) {
    const auto numerator = record.integer("numerator").value_or(4),
               denominator = record.integer("denominator").value_or(4);
    int exponent = 0;
    while (exponent < 10 && 1 << exponent < denominator) ++exponent;
    if (numerator < 1 || numerator > 127 || 1 << exponent != denominator)
        throw Error(
            ErrorKind::bad_record, "signature",
            "must have a numerator of 1 to 127 and a denominator of 1, 2, 4 and so on; correct it");
    std::string bytes = "\xff\x58";
    for (const auto value :
         {numerator, std::int64_t{exponent}, record.integer("clocks").value_or(24),
          record.integer("thirtyseconds").value_or(8)})
        bytes += static_cast<char>(value);
    return bytes;
}

// The notes of samples that are drums.
std::unordered_map<std::string, std::int64_t> drum_notes(const SongModel& song, bool guess) {
    std::unordered_map<std::string, std::int64_t> notes;
    for (const auto& [id, sample] : song.samples()) {
        auto note = sample.integer("drum_note");
        if (!note && guess) note = drum_note_of(sample.text("name").value_or(""));
        if (!note) continue;
        if (*note < 0 || *note > 127)
            throw Error(ErrorKind::bad_record, id,
                        "has a drum_note that is not 0 to 127; correct it");
        notes.emplace(id, *note);
    }
    return notes;
}

class MidiWriter {
 public:
    explicit MidiWriter(const SongModel& song, DrumNotes drums = DrumNotes::given)
        : song_(song),
          tempo_(song.tempo_map()),
          was_midi_(song.song().text("format") == "mid"),
          drums_(drum_notes(song, drums == DrumNotes::guessed)) {
        const auto ticks = song.song().integer("ticks_per_beat").value_or(960);
        const auto word = song.song().integer("division");
        if (ticks < 1 || ticks > 32767)
            throw Error(ErrorKind::bad_record, "ticks_per_beat", "must be 1 to 32767; correct it");
        if (word && (*word < 0x8001 || *word > 0xffff))
            throw Error(ErrorKind::bad_record, "division",
                        "must be that of a MIDI file in SMPTE frames, 32769 to 65535; correct it");
        division_ = static_cast<std::uint16_t>(word.value_or(ticks));
        set_beats();
    }

    std::string build() {
        std::vector<std::string> tracks;
        if (!was_midi_ || song_.tracks().empty()) tracks.push_back(track({}, true));
        for (const auto& id : song_.tracks())
            tracks.push_back(track(id, was_midi_ && tracks.empty()));
        const auto type =
            song_.song().integer("midi_type").value_or(1) == 0 && tracks.size() == 1 ? 0 : 1;
        return file(tracks, type);
    }

    // From now on build() is called with parts.
    void join_parts() {
        division_ = fine_division();
        ramp_step_ = std::max(ramp_step_ / 16, least_ramp_step());
        was_midi_ = false;
        joined_ = true;
        head_ = track({}, true);
    }

    std::string build(const std::vector<MidiPart>& parts) {
        EventList events(tempo_, [this](const TickPlace& place) { return tick_at(place); });
        for (const auto& part : parts) {
            channels_ = part.channels;
            count_heard(part.owner);
            const auto* item = song_.find(part.owner);
            if (item && item->raw("item"))
                add_take(events, part.owner);
            else
                for (const auto& line : song_.events(part.owner)) add(events, Record(line));
        }
        return file({head_, bytes_of(events.take(), 0)}, 1);
    }

 private:
    [[nodiscard]] std::string file(const std::vector<std::string>& tracks, int type) const {
        constexpr std::size_t most = 0xffff;
        if (tracks.size() > most)
            throw Error(ErrorKind::unsupported, "song",
                        "has more tracks than a MIDI file, 65535; remove some");
        std::string bytes("MThd\0\0\0\6", 8);
        append_big_endian(bytes, static_cast<std::uint16_t>(type));
        append_big_endian(bytes, static_cast<std::uint16_t>(tracks.size()));
        append_big_endian(bytes, division_);
        for (const auto& one : tracks) {
            bytes += "MTrk";
            append_big_endian(bytes, static_cast<std::uint32_t>(one.size()));
            bytes += one;
        }
        return bytes;
    }

    void set_beats() {
        const auto& tempos = song_.tempos();
        std::vector<std::pair<double, double>> slowest;  // by beat
        for (std::size_t i = 0; i < tempos.size(); ++i) {
            auto bpm = tempos[i].number("bpm").value();
            if (tempos[i].flag("ramp").value_or(false) && i + 1 < tempos.size())
                bpm = std::min(bpm, tempos[i + 1].number("bpm").value());
            slowest.emplace_back(record_place(at_some_time(tempos[i]), tempo_).beat, bpm);
        }
        std::ranges::stable_sort(slowest, {}, &std::pair<double, double>::first);
        for (const auto& [beat, bpm] : slowest) beats_.add_tempo(beat, bpm);
        ramp_step_ = std::max(ramp_step_, least_ramp_step());
    }

    // From one tempo to the next.
    struct Span {
        double begin, end;  // beats
    };
    [[nodiscard]] Span ramp_span(std::size_t index) const {
        const auto& tempos = song_.tempos();
        const auto beat_of = [&](const Record& tempo) {
            return record_place(at_some_time(tempo), tempo_).beat;
        };
        const double begin = beat_of(tempos[index]);
        return {begin, index + 1 < tempos.size() ? beat_of(tempos[index + 1]) : begin};
    }

    // So that all ramps together have no more steps than a file of many megabytes.
    [[nodiscard]] double least_ramp_step() const {
        constexpr double most_steps = 20'000;
        double beats = 0;
        for (std::size_t i = 0; i < song_.tempos().size(); ++i) {
            const auto [begin, end] = ramp_span(i);
            if (song_.tempos()[i].flag("ramp").value_or(false)) beats += std::max(end - begin, 0.0);
        }
        return beats / most_steps;
    }

    // A multiple of the song's own, so that what is at one of its ticks stays there.
    [[nodiscard]] std::uint16_t fine_division() const {
        constexpr std::uint16_t fine = 15360;
        if (division_ >= 0x8000) return fine;  // it counts frames
        return division_ > fine ? division_
                                : static_cast<std::uint16_t>(fine / division_ * division_);
    }

    // What is too long is refused when it is written.
    static std::int64_t whole_tick(double tick) {
        constexpr double most = 1e15;
        return std::llround(std::clamp(tick, 0.0, most));
    }

    [[nodiscard]] double tick_at(const TickPlace& place) const {
        if (division_ < 0x8000) return beats_.at(place.beat) * division_;
        const int rate = 256 - (division_ >> 8), per_frame = division_ & 255;
        const double frames = rate == 29 ? 30000.0 / 1001 : rate;
        return place.time * frames * per_frame;
    }

    std::string track(const std::string& id, bool first) {
        EventList events(tempo_, [this](const TickPlace& place) { return tick_at(place); });
        double end = 0;
        if (!id.empty()) add_name(events, id, end);
        add_head(events, id, first);
        for (const auto& line : song_.events(id)) add(events, Record(line));
        for (const auto& item : song_.items(id)) {
            add_item(events, item);
            for (const auto& take : song_.takes(item)) add_item(events, take);
        }
        return bytes_of(events.take(), whole_tick(end));
    }

    void add_name(EventList& events, const std::string& id, double& end) {
        const auto& track = *song_.find(id);
        if (const auto name = track.text("name")) {
            Record at(R"({"beat":0})");
            if (const auto order = track.integer("name_order")) at.set("order", *order);
            events.add(at, TickRank::name, "\xff\x03" + *name);
        }
        if (const auto beats = track.number("beats"))
            end = tick_at({.time = tempo_.time_at(*beats), .beat = *beats});
    }

    void add_head(EventList& events, const std::string& id, bool first) {
        const auto here = [&](const Record& record) {
            const auto track = record.text("track").value_or("");
            return track.empty() || !was_midi_ ? first : track == id;
        };
        for (std::size_t i = 0; i < song_.tempos().size(); ++i) {
            const auto& tempo = song_.tempos()[i];
            if (!here(tempo)) continue;
            tempo.flag("ramp").value_or(false) ? add_ramp(events, i) : add_tempo(events, tempo);
        }
        for (const auto& signature : song_.signatures())
            if (here(signature))
                events.add(at_some_time(signature), TickRank::signature,
                           signature_bytes(signature));
        for (const auto& marker : song_.markers())
            if (here(marker))
                events.add(marker, TickRank::marker, "\xff\x06" + marker.text("name").value_or(""));
    }

    void add_tempo(EventList& events, const Record& tempo) const {
        const auto at = at_some_time(tempo);
        const auto count = beats_.count(record_place(at, tempo_).beat);
        events.add(at, TickRank::tempo, midi_tempo(tempo.number("bpm").value() * count));
    }

    static Record at_some_time(Record record) {
        if (!record.raw("time") && !record.raw("beat")) record.set("beat", 0);
        return record;
    }

    // Steps to the next tempo. The beats of each are played in the time that they take in the ramp.
    void add_ramp(EventList& events, std::size_t index) {
        const auto [begin, end] = ramp_span(index);
        const double steps = std::ceil((end - begin) / ramp_step_);
        if (!(steps >= 1)) return add_tempo(events, song_.tempos()[index]);
        for (double i = 0; i < steps; ++i) {
            const double beat = begin + i * ramp_step_, next = std::min(beat + ramp_step_, end);
            const double time = tempo_.time_at(beat), length = tempo_.time_at(next) - time;
            Record at("{}");
            at.set("time", time);
            at.set("beat", beat);
            if (length > 0)
                events.add(at, TickRank::tempo,
                           midi_tempo((beats_.at(next) - beats_.at(beat)) * 60 / length));
        }
    }

    void add_item(EventList& events, const std::string& id) {
        const auto& item = *song_.find(id);
        if (!item.flag("mute").value_or(false) && item.flag("active").value_or(true))
            add_take(events, id);
    }

    // What plays of a take, as often as it plays.
    void add_take(EventList& events, const std::string& id) {
        if (song_.events(id).empty()) return;
        const auto& item = *song_.find(id);
        const auto place = source_place(item, tempo_);
        const double begin = tempo_.beat_at(place.time),
                     end = tempo_.beat_at(place.time + item_length(item, tempo_));
        const double moved = begin - first_beat(item, tempo_),
                     period = static_cast<double>(place.ticks) / place.ticks_per_beat / place.rate;
        const bool loop = item.flag("loop").value_or(false) && period > 0 && place.own_bpm == 0;
        if (loop) count_repeated(item, song_.events(id).size() * std::ceil((end - begin) / period));
        for (const auto& line : song_.events(id)) {
            Record record(line);
            if (record.flag("muted").value_or(false)) continue;
            const double beat = record_place(record, tempo_).beat + moved;
            const double first = loop ? std::max(std::floor((begin - beat) / period), 0.0) : 0;
            const double repeats = loop ? std::ceil((end - beat) / period) : 1;
            for (double i = first; i < repeats; ++i)
                add_within(events, record, beat + i * period, begin, end, i > 0);
        }
    }

    // A short source under a long item, or one that plays fast, would be more than any memory
    // holds.
    void count_repeated(const Record& item, double events) {
        constexpr double most = 500'000;
        repeated_ += events;
        if (repeated_ <= most) return;
        auto name = item.text("name").value_or("");
        if (name.empty()) name = "item " + item.text("item").value_or("");
        refuse_unsupported(name,
                           "repeats its source so often that the song has more than half a million "
                           "events; make its source longer, its rate lower or the item shorter");
    }

    // Sends bring the same events to many instruments, and on many channels.
    void count_heard(const std::string& owner) {
        constexpr std::size_t most = 1'000'000;
        heard_ += song_.events(owner).size();
        if (heard_ <= most) return;
        refuse_unsupported(owner,
                           "is sent to so many instruments that the song has more than a million "
                           "events for them; remove sends");
    }

    void add_within(EventList& events, Record record, double beat, double begin, double end,
                    bool repeated) const {
        constexpr double near = 1e-9;
        if (beat < begin - near || beat >= end - near || record.text("kind") == "reaper") return;
        auto length = record.number("beats");
        if (!length && record.number("length"))
            length = tempo_.beat_at(tempo_.time_at(beat) + *record.number("length")) - beat;
        record.set("beat", beat);
        record.remove("time");
        if (length) record.set("beats", std::min(*length, end - beat));
        // The order was that of the source, and other items may play at the same time.
        if (repeated || song_.items(record.text("track").value_or("")).size() > 1) {
            record.remove("order");
            record.remove("end_order");
        }
        add(events, std::move(record));
    }

    void play_as_drum(Record& record) const {
        if (drums_.empty() || !record.raw("sample")) return;
        const auto drum = drums_.find(record.text("sample").value_or(""));
        if (drum == drums_.end()) return;
        record.set("note", drum->second);
        record.set("channel", drum_channel);
    }

    // Moves the event to the channel where its part has it.
    void add(EventList& events, Record record) const {
        play_as_drum(record);
        if (!joined_) return events.add(record);
        if (record.flag("muted").value_or(false)) return;
        record.remove("order");
        record.remove("end_order");
        const auto channel = record.integer("channel").value_or(1);
        if (channel >= 1 && channel <= static_cast<std::int64_t>(channels_.size())) {
            const auto to = channels_[static_cast<std::size_t>(channel - 1)];
            if (to < 0) return;
            record.set("channel", to + 1);
        }
        events.add(record);
    }

    static std::string bytes_of(const std::vector<TickEvent>& events, std::int64_t end) {
        std::string bytes;
        std::int64_t tick = 0;
        for (const auto& event : events) {
            if (event.bytes.empty()) continue;
            append_number(bytes, event.tick - tick);
            tick = event.tick;
            append_event(bytes, event);
        }
        append_number(bytes, std::max<std::int64_t>(end - tick, 0));
        return bytes += std::string("\xff\x2f\0", 3);
    }

    const SongModel& song_;
    TempoMap tempo_;
    FileBeats beats_;
    bool was_midi_;
    std::unordered_map<std::string, std::int64_t> drums_;  // the notes of samples
    double repeated_ = 0;                                  // events of sources that are looped
    std::size_t heard_ = 0;                                // events of parts, in all files
    bool joined_ = false;                                  // parts, whose events are in one track
    std::string head_;                                     // the first track of files of parts
    MidiPart::Channels channels_ = MidiPart::all;
    std::uint16_t division_ = 960;
    double ramp_step_ = 0.25;  // beats
};

}  // namespace

std::string build_midi(const SongModel& song, DrumNotes drums) {
    return MidiWriter(song, drums).build();
}

struct SongParts::Writer {
    MidiWriter midi;
};

SongParts::SongParts(const SongModel& song) : writer_(new Writer{MidiWriter(song)}) {
    writer_->midi.join_parts();
}

SongParts::~SongParts() = default;

std::string SongParts::build_midi(const std::vector<MidiPart>& parts) {
    return writer_->midi.build(parts);
}

}  // namespace patchpipe
