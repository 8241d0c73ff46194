// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "job/describe.h"

#include "base/json.h"
#include "render/patch.h"
#include "render/programs.h"

namespace patchpipe {
namespace {

// Plug-ins give bytes of any encoding.
std::string name_json(const std::string& name) {
    return json_text(is_utf8(name) ? name : printable(name));
}

std::string count_json(std::size_t count) { return json_number(static_cast<std::int64_t>(count)); }

std::string parameters_json(const std::vector<Parameter>& parameters) {
    std::string json = "[";
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        const auto& parameter = parameters[i];
        Record fields("{}");
        fields.set("index", count_json(i));
        fields.set("id", name_json(parameter.id));
        fields.set("name", name_json(parameter.name));
        fields.set("unit", name_json(parameter.unit));
        fields.set("value", json_number(parameter.value));
        fields.set("text", name_json(parameter.text));
        json += (i > 0 ? "," : "") + fields.line();
    }
    return json + "]";
}

// Some plug-ins know only the name of the program that is selected.
std::string program_names_json(Programs& programs) {
    std::string json = "[";
    for (int program = 0; program < programs.count(); ++program) {
        auto name = programs.name(program);
        if (name.empty()) {
            programs.select(program);
            name = programs.name(program);
        }
        json += (program > 0 ? "," : "") + name_json(name);
    }
    return json + "]";
}

}  // namespace

Record describe(Processor& processor, const Record& wanted, Asker& asker) {
    asker.note("describing itself");
    const auto& info = processor.info();
    auto* patch = processor.patch();
    auto* programs = processor.programs();
    const auto parameters = patch ? patch->parameters() : std::vector<Parameter>();
    Record fields("{}");
    fields.set("plugin_format", json_text(info.kind));
    fields.set("name", name_json(info.name));
    fields.set("vendor", name_json(info.vendor));
    fields.set("version", name_json(info.version));
    fields.set("plugin_id", name_json(info.id));
    fields.set("is_instrument", json_flag(info.is_instrument));
    fields.set("channels", json_number(std::int64_t{processor.channels()}));
    fields.set("inputs", json_number(std::int64_t{info.inputs}));
    fields.set("latency_frames", json_number(std::int64_t{processor.latency_frames()}));
    fields.set("programs", json_number(std::int64_t{programs ? programs->count() : 0}));
    fields.set("parameters", count_json(parameters.size()));
    fields.set("has_state", json_flag(patch && patch->keeps_state()));
    if (wanted.flag("parameters").value_or(false))
        fields.set("params", parameters_json(parameters));
    if (wanted.flag("programs").value_or(false))
        fields.set("program_names", programs ? program_names_json(*programs) : "[]");
    return fields;
}

}  // namespace patchpipe
