// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "song/rpp_envelope.h"

#include <algorithm>

#include "base/json.h"

namespace patchpipe {
namespace {

struct Kind {
    std::string_view tag, target, stage;
};

// The stage is empty for the usual one, behind the effects.
constexpr Kind kinds[] = {
    {"VOLENV2", "gain", ""},          {"VOLENV", "gain", "pre-fx"},
    {"VOLENV3", "gain", "trim"},      {"PANENV2", "pan", ""},
    {"PANENV", "pan", "pre-fx"},      {"WIDTHENV2", "width", ""},
    {"WIDTHENV", "width", "pre-fx"},  {"MUTEENV", "mute", ""},
    {"PITCHENV", "pitch", ""},        {"AUXVOLENV", "gain", ""},
    {"AUXPANENV", "pan", ""},         {"AUXMUTEENV", "mute", ""},
    {"MASTERVOLENV2", "gain", ""},    {"MASTERVOLENV", "gain", "pre-fx"},
    {"MASTERPANENV2", "pan", ""},     {"MASTERPANENV", "pan", "pre-fx"},
    {"MASTERWIDTHENV2", "width", ""}, {"MASTERWIDTHENV", "width", "pre-fx"},
    {"PARMENV", "parameter", ""},
};

constexpr std::string_view shapes[] = {"linear",     "square",   "slow",
                                       "fast-start", "fast-end", "bezier"};

const Kind* kind_of(std::string_view tag) {
    const auto* const found = std::find_if(std::begin(kinds), std::end(kinds),
                                           [&](const Kind& kind) { return kind.tag == tag; });
    return found == std::end(kinds) ? nullptr : found;
}

// PT time value shape signature selected partial tension
std::string point_json(const RppFields& fields, std::string_view target) {
    constexpr std::size_t tension_place = 7;
    auto point = "[" + json_number(fields.number(1)) + "," +
                 json_number(envelope_value(target, fields.number(2)));
    const auto shape = static_cast<std::size_t>(std::clamp(fields.number(3), 0.0, 99.0));
    const double tension = fields.number(tension_place);
    if (shape != 0 || tension != 0)
        point +=
            "," + (shape < std::size(shapes) ? json_text(shapes[shape]) : std::to_string(shape));
    if (tension != 0) point += "," + json_number(tension);
    return point + "]";
}

class EnvelopeReader {
 public:
    EnvelopeReader(RppReading& reading, const EnvelopeOwner& owner)
        : reading_(reading), owner_(owner) {}

    void read(const RppLine& header) {
        if (!reading_.has_details(owner_.id)) return reading_.raw_block(header, owner_.id);
        kind_ = kind_of(header.tag());
        if (owner_.fx.empty() == (header.tag() == "PARMENV"))
            return reading_.raw_block(header, owner_.fx.empty() ? owner_.track : owner_.fx);
        take_header(header);
        while (const auto line = reading_.walk.next()) {
            if (line->kind == RppKind::open)
                reading_.raw_block(*line, owner_.id);
            else
                take(*line);
        }
        write();
    }

 private:
    // PARMENV index:number minimum maximum middle name
    void take_header(const RppLine& header) {
        fields_.split(header.text());
        if (fields_.text(0) != "PARMENV") return;
        const auto index = fields_.text(1);
        parameter_ = "{\"index\":" + json_number(rpp_number(index.substr(0, index.find(':')))) +
                     ",\"min\":" + json_number(fields_.number(2)) +
                     ",\"max\":" + json_number(fields_.number(3)) +
                     ",\"middle\":" + json_number(fields_.number(4)) +
                     ",\"name\":" + json_text(text_as_utf8(fields_.text(5)));
        parameter_ += ",\"id\":" + json_text(text_as_utf8(index)) + "}";
    }

    void take(const RppLine& line) {
        const auto tag = line.tag();
        if (line.kind != RppKind::plain) return reading_.raw(line, owner_.id);
        if (tag == "POOLEDENVINST") ++automation_items_;
        if (tag != "PT" && tag != "ACT" && tag != "VOLTYPE" && tag != "EGUID")
            return reading_.raw(line, owner_.id);
        if (!reading_.split(fields_, line)) return;
        if (tag == "ACT") active_ = fields_.number(1) != 0;
        if (tag == "VOLTYPE") fader_ = fields_.number(1) == 1;
        if (tag == "EGUID") guid_ = fields_.text(1);
        if (tag != "PT") return;
        if (count_ == most_points) write();
        if (count_++ > 0) points_ += ',';
        points_ += point_json(fields_, kind_->target);
    }

    void write() {
        RecordLine record("envelope");
        record.text("envelope", owner_.id).text("track", owner_.track);
        if (!owner_.item.empty()) record.text("item", owner_.item);
        if (!owner_.fx.empty()) record.text("fx", owner_.fx);
        if (!owner_.send.empty()) record.text("send", owner_.send);
        record.text("target", kind_->target);
        if (!kind_->stage.empty() && owner_.item.empty()) record.text("stage", kind_->stage);
        if (!parameter_.empty()) record.json("parameter", parameter_);
        if (!guid_.empty()) record.text("guid", guid_);
        record.flag("active", active_);
        if (fader_) record.text("scale", "fader");
        if (automation_items_ > 0) record.whole("automation_items", automation_items_);
        if (more_) record.flag("more", true);
        record.json("points", "[" + points_ + "]");
        reading_.write(record.line());
        more_ = true;
        points_.clear();
        count_ = 0;
    }

    RppReading& reading_;
    const EnvelopeOwner& owner_;
    const Kind* kind_ = nullptr;
    RppFields fields_;
    std::string parameter_, guid_, points_;
    std::size_t count_ = 0;
    std::int64_t automation_items_ = 0;
    bool active_ = true, fader_ = false, more_ = false;
};

}  // namespace

bool is_envelope(std::string_view tag) { return kind_of(tag) != nullptr; }

std::string_view envelope_tag(std::string_view target, std::string_view stage, bool of_send) {
    for (const auto& kind : kinds)
        if (kind.target == target && kind.stage == stage &&
            kind.tag.starts_with("AUX") == of_send && !kind.tag.starts_with("MASTER"))
            return kind.tag;
    return {};
}

double envelope_value(std::string_view target, double value) {
    return target == "pan" && value != 0 ? -value : value;
}

std::optional<int> envelope_shape(std::string_view name) {
    const auto* const found = std::find(std::begin(shapes), std::end(shapes), name);
    if (found == std::end(shapes)) return {};
    return static_cast<int>(found - std::begin(shapes));
}

void read_envelope(RppReading& reading, const RppLine& header, const EnvelopeOwner& owner) {
    EnvelopeReader(reading, owner).read(header);
}

}  // namespace patchpipe
