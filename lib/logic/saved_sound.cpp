// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "logic/saved_sound.h"

#include "base/base64.h"
#include "base/json.h"
#include "record/record.h"

namespace patchpipe {
namespace {

std::pair<std::size_t, double> read_value(const Record& values, const std::string& id,
                                          const std::string& path,
                                          const LogicParameters& parameters) {
    const auto place = parameters.find(id);
    if (!place)
        throw Error(ErrorKind::preset_rejected, path,
                    "sets the parameter " + id +
                        ", which this build does not have; take it out of the file");
    const auto value = values.number(id);
    const auto& parameter = parameters[*place];
    if (!value) throw Error(ErrorKind::corrupt, path, "has no number for the parameter " + id);
    if (*value < parameter.minimum || *value > parameter.maximum)
        throw Error(ErrorKind::preset_rejected, path,
                    "sets the parameter " + id + " to " + json_number(*value) +
                        ", and this build takes " + json_number(parameter.minimum) + " to " +
                        json_number(parameter.maximum));
    return {*place, *value};
}

LogicSound read_fields(const Record& fields, const std::string& path, std::string_view logic_id,
                       const LogicParameters& parameters) {
    const auto id = fields.text("logic");
    if (!id) throw Error(ErrorKind::corrupt, path, "does not say of which logic library it is");
    if (*id != logic_id)
        throw Error(ErrorKind::wrong_plugin, path,
                    "is a sound of " + *id + ", not of " + std::string(logic_id));
    LogicSound sound;
    const Record values(fields.raw("parameters").value_or("{}"));
    for (const auto& key : values.keys())
        sound.parameters.push_back(read_value(values, key, path, parameters));
    if (const auto text = fields.text("state")) {
        sound.state = from_base64(*text);
        if (!sound.state) throw Error(ErrorKind::corrupt, path, "has a state that is not base64");
    }
    return sound;
}

}  // namespace

std::string write_logic_sound(std::string_view logic_id, const LogicParameters& parameters,
                              const std::optional<std::string>& state) {
    Record values("{}"), fields("{}");
    for (std::size_t i = 0; i < parameters.size(); ++i)
        values.set(parameters[i].id, parameters.values()[i]);
    fields.set("logic", logic_id);
    fields.set_json("parameters", values.line());
    if (state) fields.set("state", to_base64(*state));
    return fields.line() + "\n";
}

LogicSound read_logic_sound(std::string_view bytes, const std::string& path,
                            std::string_view logic_id, const LogicParameters& parameters) try {
    while (bytes.ends_with('\n')) bytes.remove_suffix(1);
    return read_fields(Record(bytes), path, logic_id, parameters);
} catch (const Error& error) {
    if (error.kind() != ErrorKind::bad_record) throw;
    throw Error(ErrorKind::corrupt, path,
                std::string("is not the saved sound of a logic library: ") + error.what());
}

}  // namespace patchpipe
