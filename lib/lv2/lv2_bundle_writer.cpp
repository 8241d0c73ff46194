// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "lv2/lv2_bundle_writer.h"

#include <lv2/core/lv2.h>
#include <lv2/presets/presets.h>

#include "base/error.h"
#include "base/md5.h"
#include "lv2/turtle.h"

namespace patchpipe {
namespace {

TurtleNode uri_node(std::string_view uri) { return {TurtleNode::Kind::uri, uri}; }
TurtleNode text_node(std::string_view text) { return {TurtleNode::Kind::literal, text}; }

// The statements about the preset, with that URI.
std::string statements_of(const std::string& state, const std::string& plugin,
                          std::string_view label, const std::string& uri) {
    const auto saved = plugin + "/savedState";
    std::string text;
    const auto failure = read_turtle(state, "", [&](const TurtleStatement& statement) {
        auto ours = statement;
        if (ours.subject.is_uri(saved)) ours.subject.text = uri;
        const bool is_label = ours.predicate == rdfs_label && ours.subject.is_uri(uri);
        if (!is_label) text += turtle_line(ours, "s");
    });
    if (failure) throw Error(ErrorKind::corrupt, plugin, "gave a state that " + *failure);
    return text + turtle_line({uri_node(uri), rdfs_label, text_node(label)}, "s");
}

// The digits of an MD5 as those of a UUID made from a name, version 3 (RFC 4122).
std::string uuid_of(std::string digits) {
    constexpr std::size_t version_at = 12, variant_at = 16;
    digits[version_at] = '3';
    digits[variant_at] = "89ab"[static_cast<unsigned char>(digits[variant_at]) & 3];
    for (const std::size_t at : {20, 16, 12, 8}) digits.insert(at, "-");
    return "urn:uuid:" + digits;
}

}  // namespace

std::string build_lv2_preset(const std::string& state, const std::string& plugin,
                             std::string_view label) {
    const auto uri = uuid_of(md5_hex(statements_of(state, plugin, label, plugin)));
    return statements_of(state, plugin, label, uri);
}

std::string build_lv2_manifest(const Lv2Preset& preset) {
    const auto subject = uri_node(preset.uri);
    std::string text;
    for (const TurtleStatement& statement :
         {TurtleStatement{subject, rdf_type, uri_node(LV2_PRESETS__Preset)},
          TurtleStatement{subject, LV2_CORE__appliesTo, uri_node(preset.plugin)},
          TurtleStatement{subject, rdfs_label, text_node(preset.name)},
          TurtleStatement{subject, "http://www.w3.org/2000/01/rdf-schema#seeAlso",
                          uri_node(lv2_preset_name)}})
        text += turtle_line(statement, "m");
    return text;
}

}  // namespace patchpipe
