// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "song/rpp_item.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

#include "audio/fade.h"
#include "song/rpp_chain.h"
#include "song/rpp_envelope.h"
#include "song/rpp_midi.h"
#include "song/rpp_rules.h"
#include "song/rpp_source.h"

namespace patchpipe {
namespace {

// Stretch markers bend a source if its places are not as far apart as those in the item.
class StretchMarkers {
 public:
    // SM place place-in-source [slope] + place place-in-source [slope]
    void take(const RppFields& fields) {
        for (std::size_t i = 1; i < fields.size(); ++i) {
            const double shift = fields.number(i + 1) - fields.number(i);
            i += 2;
            const bool slope = i < fields.size() && fields.text(i) != "+" && fields.number(i) != 0;
            while (i < fields.size() && fields.text(i) != "+") ++i;
            constexpr double nothing = 1e-9;
            bend_ = bend_ || slope || std::abs(shift - shift_.value_or(shift)) > nothing;
            shift_ = shift;
            ++count_;
        }
    }
    [[nodiscard]] std::int64_t bending() const { return bend_ ? count_ : 0; }

 private:
    std::optional<double> shift_;
    std::int64_t count_ = 0;
    bool bend_ = false;
};

struct Take {
    std::string id;
    RppRules rules = next_take_rules;
    RppValues values{rules};
    SourceLook source = {};
    StretchMarkers stretch_markers = {};
    bool selected = false, has_source = false;
};

bool has_line(RppRules rules, std::string_view tag) {
    return std::any_of(rules.begin(), rules.end(),
                       [&](const auto& rule) { return rule.tag == tag; });
}

// The lines before the first TAKE are the item's too.
bool is_line_of(const Take& take, std::string_view tag) {
    const bool first = take.rules.data() == first_take_rules.data();
    return has_line(take.rules, tag) || (first && has_line(item_rules, tag));
}

class ItemReader {
 public:
    ItemReader(RppReading& reading, const std::string& track, const std::string& id,
               const FixedLanes& lanes)
        : reading_(reading), track_(track), id_(id), lanes_(lanes) {}

    void read() {
        look();
        write_item(0);
        while (const auto line = reading_.walk.next())
            line->kind == RppKind::open ? read_block(*line) : read_line(*line);
    }

 private:
    void look();
    void look_at_line(const RppLine& line);
    void write_item(std::size_t take) const;
    void put_straight_fades(RecordLine& record) const;
    void read_line(const RppLine& line);
    void read_block(const RppLine& line);
    [[nodiscard]] std::size_t active() const;

    // An item may have any number of takes, but only this many are remembered.
    static constexpr std::size_t most_takes = 10'000;

    RppReading& reading_;
    const std::string &track_, &id_;
    const FixedLanes& lanes_;
    std::int64_t lane_ = 0;
    RppFields fields_;
    RppValues values_{item_rules};
    std::vector<Take> takes_;
    std::size_t take_ = 0, envelopes_ = 0;
};

void ItemReader::look() {
    takes_.push_back({.id = id_, .rules = first_take_rules});
    bool in_source = false;
    reading_.walk.look_ahead(3, [&](std::size_t below, const RppLine& line) {
        if (below == 0) {
            in_source = line.kind == RppKind::open && line.tag() == "SOURCE";
            if (line.kind == RppKind::plain) look_at_line(line);
        }
        if (!in_source) return true;
        takes_.back().has_source = true;
        takes_.back().source.take(below, line);
        return true;
    });
}

void ItemReader::look_at_line(const RppLine& line) {
    const auto tag = line.tag();
    const bool places = tag == "YPOS" && lanes_.any();
    if (tag != "TAKE" && tag != "SM" && !places && !is_line_of(takes_.back(), tag)) return;
    if (!reading_.split(fields_, line)) return;
    if (places) lane_ = lanes_.lane_of(fields_.number(1), fields_.number(2));
    if (tag == "SM") return takes_.back().stretch_markers.take(fields_);
    if (tag == "TAKE") {
        if (takes_.size() < most_takes)
            takes_.push_back({.id = id_ + "." + std::to_string(takes_.size() + 1)});
        for (std::size_t i = 1; i < fields_.size(); ++i)
            takes_.back().selected = takes_.back().selected || fields_.text(i) == "SEL";
        return;
    }
    if (takes_.size() == 1) values_.take(fields_);
    takes_.back().values.take(fields_);
}

// Without a mark it is the first.
std::size_t ItemReader::active() const {
    const auto found =
        std::find_if(takes_.begin(), takes_.end(), [](const Take& take) { return take.selected; });
    return found == takes_.end() ? 0 : static_cast<std::size_t>(found - takes_.begin());
}

// A curve of 0 is in the record where a new fade of the shape has another one.
void ItemReader::put_straight_fades(RecordLine& record) const {
    for (const std::string end : {"fade_in", "fade_out"}) {
        const auto shape = fade_named(rpp_decimal(values_.number(end + "_shape", 0)));
        if (values_.text(end + "_curve") && values_.number(end + "_curve", 0) == 0 && shape &&
            default_curvature(*shape) != 0)
            record.number(end + "_curve", 0);
    }
}

void ItemReader::write_item(std::size_t index) const {
    const auto& take = takes_[index];
    RecordLine record("item");
    record.text("item", take.id).text("track", track_);
    if (takes_.size() > 1)
        record.whole("take", index + 1)
            .whole("takes", takes_.size())
            .flag("active", index == active());
    const double time = values_.number("time", 0);
    record.number("beat", reading_.tempo.beat_at(time));
    record.number("beats", reading_.tempo.beat_at(time + values_.number("length", 0)) -
                               reading_.tempo.beat_at(time));
    if (lanes_.any()) record.whole("lane", lane_);
    if (lanes_.any() && !lanes_.plays(lane_)) record.flag("lane_plays", false);
    values_.put(record);
    put_straight_fades(record);
    take.values.put(record);
    const auto& source = take.source.source();
    if (source.reversed()) record.flag("reverse", true);
    if (const auto markers = take.stretch_markers.bending(); markers > 0)
        record.whole("stretch_markers", markers);
    if (take.has_source) record.json("source", source.json());
    reading_.write(record.line());
}

void ItemReader::read_line(const RppLine& line) {
    if (line.kind == RppKind::plain && line.tag() == "TAKE") {
        if (take_ + 1 < takes_.size()) write_item(++take_);
        return;
    }
    if (line.kind != RppKind::plain || !is_line_of(takes_[take_], line.tag()))
        reading_.raw(line, takes_[take_].id);
}

void ItemReader::read_block(const RppLine& line) {
    const auto& take = takes_[take_];
    const auto tag = line.tag();
    if (tag == "SOURCE") {
        const auto& source = take.source.source();
        if (!reading_.has_details(take.id)) return reading_.raw_block(line, take.id + ".source");
        return read_source(reading_, {.track = track_,
                                      .item = take.id,
                                      .time = values_.number("time", 0),
                                      .offset = take.values.number("offset", 0),
                                      .rate = take.values.number("rate", 1),
                                      .ticks_per_beat = source.ticks_per_beat,
                                      .own_bpm = source.own_bpm,
                                      .ticks = source.ticks,
                                      .midi = source.is_midi() && !source.section,
                                      .section = source.section});
    }
    if (tag == "TAKEFX")
        return read_chain(reading_, {.id = take.id, .track = track_, .item = take.id});
    if (is_envelope(tag))
        return read_envelope(reading_, line,
                             {.id = take.id + ".e" + std::to_string(++envelopes_),
                              .track = track_,
                              .item = take.id});
    reading_.raw_block(line, take.id);
}

}  // namespace

void read_item(RppReading& reading, const std::string& track, const std::string& id,
               const FixedLanes& lanes) {
    ItemReader(reading, track, id, lanes).read();
}

}  // namespace patchpipe
