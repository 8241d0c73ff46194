// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "faust/details.h"

#include <algorithm>

#include "base/json.h"
#include "base/words.h"
#include "faust/program_facts.h"

namespace patchpipe {
namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

// A key that is declared several times has a list of its values.
std::string metadata_json(const Pairs& metadata) {
    std::vector<std::pair<std::string, std::vector<std::string>>> by_key;
    for (const auto& [key, value] : metadata) {
        const auto name = readable(key);
        const auto found = std::find_if(by_key.begin(), by_key.end(),
                                        [&](const auto& entry) { return entry.first == name; });
        (found == by_key.end() ? by_key.emplace_back(name, std::vector<std::string>()) : *found)
            .second.push_back(readable(value));
    }
    Record fields("{}");
    for (const auto& [key, values] : by_key)
        fields.set_json(key, values.size() == 1 ? json_text(values[0]) : json_list(values));
    return fields.line();
}

std::string interface_json(const std::vector<FaustItem>& items);

std::string item_json(const FaustItem& item) {
    Record fields("{}");
    fields.set("kind", to_string(item.kind));
    fields.set("label", readable(item.label));
    if (!item.is_group()) fields.set("address", readable(item.address));
    if (item.is_control()) fields.set("init", item.init);
    if (item.is_control() || item.is_bargraph()) {
        fields.set("min", item.min);
        fields.set("max", item.max);
    }
    if (item.is_control()) fields.set("step", item.step);
    if (item.kind == FaustItem::Kind::soundfile) fields.set("url", readable(item.url));
    fields.set_json("metadata", metadata_json(item.metadata));
    if (item.is_group()) fields.set_json("items", interface_json(item.items));
    return fields.line();
}

std::string interface_json(const std::vector<FaustItem>& items) {
    std::vector<std::string> lines;
    for (const auto& item : items) lines.push_back(item_json(item));
    return "[" + joined(lines, ",") + "]";
}

}  // namespace

Record faust_details(FaustSound& sound, const DspOperand& operand) {
    Record fields("{}");
    fields.set_json("metadata", metadata_json(sound.metadata()));
    const auto facts = faust_program_facts(sound.program(), operand.compile_options);
    if (facts.sha) fields.set("sha", *facts.sha);
    fields.set("voices", sound.voices() ? sound.voices()->count() : 0);
    fields.set_json("interface", interface_json(sound.interface()));
    if (facts.libraries) fields.set_json("libraries", json_list(*facts.libraries));
    if (facts.include_paths) fields.set_json("include_paths", json_list(*facts.include_paths));
    fields.set("compiler", "Faust " + faust_version());
    fields.set("compiled_with", readable(sound.program().compile_options()));
    if (facts.warnings) fields.set_json("warnings", json_list(*facts.warnings));
    return fields;
}

}  // namespace patchpipe
