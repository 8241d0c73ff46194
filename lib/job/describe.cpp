// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "job/describe.h"

#include "base/json.h"
#include "base/words.h"
#include "render/meters.h"
#include "render/patch.h"
#include "render/programs.h"

namespace patchpipe {
namespace {

std::string parameters_json(const Patch& patch, std::size_t count) {
    std::string json = "[";
    for (std::size_t i = 0; i < count; ++i) {
        const auto parameter = patch.parameter(i);
        Record fields("{}");
        fields.set("index", i);
        fields.set("id", readable(parameter.id));
        fields.set("name", readable(parameter.name));
        fields.set("unit", readable(parameter.unit));
        fields.set("value", parameter.value);
        fields.set("text", readable(parameter.text));
        const auto normal = parameter.default_value;
        fields.set_json("default", normal ? json_number(*normal) : "null");
        fields.set("is_discrete", parameter.steps.has_value());
        fields.set_json("steps",
                        parameter.steps ? json_number(std::int64_t{*parameter.steps}) : "null");
        fields.set("is_bypass", parameter.is_bypass);
        fields.set("is_automatable", parameter.is_automatable);
        json += (i > 0 ? "," : "") + fields.line();
    }
    return json + "]";
}

std::string meters_json(const Meters& meters) {
    std::vector<std::string> lines;
    for (const auto& meter : meters.meter_names()) {
        Record fields("{}");
        fields.set("id", readable(meter.id));
        fields.set("name", readable(meter.name));
        fields.set("unit", readable(meter.unit));
        if (meter.range) {
            fields.set("min", meter.range->minimum);
            fields.set("max", meter.range->maximum);
        }
        lines.push_back(fields.line());
    }
    return "[" + joined(lines, ",") + "]";
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
        json += (program > 0 ? "," : "") + json_text(readable(name));
    }
    return json + "]";
}

// Also where the plug-in has its bus closed until somebody wants it.
int side_chain_inputs(const Processor& processor) {
    int channels = 0;
    for (const auto& bus : processor.buses())
        if (bus.is_input && !bus.is_main) channels += bus.channels;
    return std::max(channels, processor.info().side_chain.channels);
}

std::string buses_json(const std::vector<AudioBus>& buses) {
    std::string json;
    for (const auto& bus : buses) {
        Record one("{}");
        one.set("direction", bus.is_input ? "input" : "output");
        one.set("name", readable(bus.name));
        one.set("channels", bus.channels);
        one.set("main", bus.is_main);
        json += (json.empty() ? "" : ",") + one.line();
    }
    return "[" + json + "]";
}

}  // namespace

Record describe(Processor& processor, const Record& wanted, Asker& asker) {
    asker.note("describing itself");
    const auto& info = processor.info();
    auto* patch = processor.patch();
    auto* programs = processor.programs();
    const auto parameter_count = patch ? patch->parameter_names().size() : 0;
    Record fields("{}");
    fields.set("plugin_format", info.kind);
    fields.set("name", readable(info.name));
    fields.set("vendor", readable(info.vendor));
    fields.set("version", readable(info.version));
    fields.set("plugin_id", readable(info.id));
    fields.set("is_instrument", info.is_instrument);
    fields.set("channels", processor.channels());
    fields.set("inputs", info.inputs);
    fields.set("sidechain_inputs", side_chain_inputs(processor));
    fields.set_json("buses", buses_json(processor.buses()));
    fields.set("latency_frames", processor.latency_frames());
    fields.set("program_count", programs ? programs->count() : 0);
    fields.set("parameter_count", parameter_count);
    fields.set("has_state", patch && patch->keeps_state());
    if (wanted.flag("parameters").value_or(false))
        fields.set_json("parameters", patch ? parameters_json(*patch, parameter_count) : "[]");
    if (wanted.flag("programs").value_or(false))
        fields.set_json("programs", programs ? program_names_json(*programs) : "[]");
    if (wanted.flag("details").value_or(false)) {
        fields.set_all(processor.details());
        if (const auto* meters = processor.meters())
            fields.set_json("meters", meters_json(*meters));
    }
    return fields;
}

}  // namespace patchpipe
