// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The part of RppWriter for envelopes.

#include "base/error.h"
#include "base/json.h"
#include "base/number.h"
#include "song/rpp_envelope.h"
#include "song/rpp_writer.h"

namespace patchpipe {
namespace {

std::string parameter_tag(const Record& envelope) {
    const auto parameter = object_in(envelope, "parameter");
    const auto index = std::to_string(parameter.integer("index").value_or(0));
    auto tag = "PARMENV " + rpp_quoted(parameter.text("id").value_or(index)) + " " +
               rpp_decimal(parameter.number("min").value_or(0)) + " " +
               rpp_decimal(parameter.number("max").value_or(1)) + " " +
               rpp_decimal(parameter.number("middle").value_or(0.5));
    if (const auto name = parameter.text("name"); name && !name->empty())
        tag += " " + rpp_quoted(*name);
    return tag;
}

std::string tag_of(const Record& envelope, const std::string& id) {
    const auto target = envelope.text("target").value_or(""),
               stage = envelope.text("stage").value_or("");
    if (target == "parameter") return parameter_tag(envelope);
    // Those of takes have the tags of the tracks' envelopes before the effects.
    const bool take = envelope.raw("item") && target != "mute" && target != "pitch";
    const std::string tag(
        envelope_tag(target, take ? "pre-fx" : stage, envelope.raw("send").has_value()));
    if (tag.empty())
        throw Error(ErrorKind::bad_record, id,
                    "target is '" + target + "', which no envelope has there; correct it");
    return (envelope.text("track") == "master" ? "MASTER" : "") + tag;
}

// A name, or the number that REAPER gives it.
int shape_in(const std::string& json, const std::string& id) {
    if (!json.starts_with('"')) return static_cast<int>(parse_number(json).value_or(0));
    if (const auto shape = envelope_shape(json_texts("[" + json + "]").at(0))) return *shape;
    throw Error(ErrorKind::bad_record, id,
                "has a shape that patchpipe-song(5) does not list: " + json);
}

std::string point_line(const std::string& point, std::string_view target, const std::string& id) {
    const auto parts = json_elements(point).value_or(std::vector<std::string>{});
    const auto number = [&](std::size_t i) {
        return i < parts.size() ? parse_number(parts[i]) : std::nullopt;
    };
    const auto time = number(0), value = number(1), tension = number(3);
    if (!time || !value)
        throw Error(
            ErrorKind::bad_record, id,
            "points must be arrays of a time and a value, a shape and a tension; correct " + point);
    return "PT " + rpp_decimal(*time) + " " + rpp_decimal(envelope_value(target, *value)) + " " +
           std::to_string(parts.size() > 2 ? shape_in(parts[2], id) : 0) +
           (tension ? " 0 0 0 " + rpp_decimal(*tension) : "");
}

}  // namespace

void RppWriter::write_envelope(const std::string& id, std::size_t level) {
    const auto& envelope = *song_.find(id);
    line(level, "<" + tag_of(envelope, id));
    if (const auto guid = envelope.text("guid")) line(level + 1, "EGUID " + *guid);
    line(level + 1, envelope.flag("active").value_or(true) ? "ACT 1 -1" : "ACT 0 -1");
    if (envelope.text("scale") == "fader") line(level + 1, "VOLTYPE 1");
    raws(id, level + 1);
    write_points(id, envelope.text("target").value_or(""), level + 1);
    line(level, ">");
}

void RppWriter::write_points(const std::string& id, std::string_view target, std::size_t level) {
    const auto write = [&](const Record& record) {
        const auto points = json_elements(record.raw("points").value_or("[]"));
        if (!points) throw Error(ErrorKind::bad_record, id, "points must be an array; correct it");
        for (const auto& point : *points) line(level, point_line(point, target, id));
    };
    write(*song_.find(id));
    for (const auto& more : song_.more(id)) write(Record(more));
}

}  // namespace patchpipe
