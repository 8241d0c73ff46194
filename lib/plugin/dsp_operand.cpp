// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plugin/dsp_operand.h"

#include <algorithm>
#include <array>

#include "base/error.h"
#include "base/json.h"
#include "base/words.h"
#include "record/compile_options.h"
#include "record/record.h"
#include "record/settings.h"

namespace patchpipe {
namespace {

constexpr std::array<std::string_view, 5> known_fields{"dsp", "compile_options", "nvoices",
                                                       "interpreter", "impulse_test"};

}  // namespace

bool is_dsp_path(std::string_view path) {
    constexpr std::string_view suffixes[] = {".dsp", ".fbc", ".bc", ".ll"};
    return std::any_of(std::begin(suffixes), std::end(suffixes),
                       [&](std::string_view suffix) { return path.ends_with(suffix); });
}

bool is_dsp_operand(std::string_view operand) { return operand.starts_with("{\"dsp\":"); }

DspOperand read_dsp_operand(const std::string& operand) {
    if (!is_dsp_operand(operand)) return {.path = operand, .compile_options = {}};
    const Record fields(operand);
    for (const auto& key : fields.keys())
        if (std::find(std::begin(known_fields), std::end(known_fields), key) ==
            std::end(known_fields))
            throw Error(ErrorKind::bad_record, fields.path("dsp").value_or(""),
                        "is given with a field \"" + key + "\", which is not one of " +
                            joined(known_fields, ", ", " and "));
    DspOperand read{.path = fields.path("dsp").value_or(""),
                    .compile_options = compile_options_of(fields)};
    if (fields.number("nvoices")) read.voices = static_cast<int>(number_setting(fields, "nvoices"));
    read.interpreter = fields.flag("interpreter").value_or(false);
    read.impulse_test = fields.flag("impulse_test").value_or(false);
    return read;
}

std::string dsp_operand(const DspOperand& operand) {
    if (operand.compile_options.empty() && !operand.voices && !operand.interpreter &&
        !operand.impulse_test)
        return operand.path;
    Record fields("{}");
    fields.set("dsp", operand.path);
    if (!operand.compile_options.empty()) {
        std::string list;
        for (const auto& option : operand.compile_options)
            list += (list.empty() ? "" : ",") + json_text(option);
        fields.set_json("compile_options", "[" + list + "]");
    }
    if (operand.voices) fields.set("nvoices", *operand.voices);
    if (operand.interpreter) fields.set("interpreter", true);
    if (operand.impulse_test) fields.set("impulse_test", true);
    return fields.line();
}

}  // namespace patchpipe
