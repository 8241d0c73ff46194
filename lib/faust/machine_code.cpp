// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "faust/machine_code.h"

#include "base/base64.h"
#include "base/error.h"
#include "faust/backend.h"
#include "record/record.h"

namespace patchpipe {

std::string faust_code_text(const FaustCode& code) {
    Record fields("{}");
    fields.set("target", faust_target());
    fields.set("program", to_base64(code.program));
    if (code.effect) fields.set("effect", to_base64(*code.effect));
    return fields.line();
}

std::optional<FaustCode> read_faust_code(const std::string& text) try {
    const Record fields(text);
    if (fields.text("target") != faust_target()) return {};
    const auto program = from_base64(fields.text("program").value_or(""));
    if (!program || program->empty()) return {};
    FaustCode code{.program = *program, .effect = {}};
    if (const auto effect = fields.text("effect")) {
        code.effect = from_base64(*effect);
        if (!code.effect) return {};
    }
    return code;
} catch (const Error&) {
    return {};
}

}  // namespace patchpipe
