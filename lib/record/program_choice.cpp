// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "record/program_choice.h"

#include "base/error.h"

namespace patchpipe {

std::optional<ProgramChoice> program_choice(const Record& record) {
    const auto json = record.raw("program");
    if (!json) return {};
    if (json->starts_with('"')) return ProgramChoice{.name = *record.text("program")};
    if (json->find_first_of("-0123456789") == 0)
        return ProgramChoice{.number = *record.integer("program")};
    throw Error(ErrorKind::bad_record, "program",
                "must be the number of a program, from 0, or its name");
}

void set_program(Record& record, const ProgramChoice& choice) {
    if (choice.number)
        record.set("program", *choice.number);
    else
        record.set("program", choice.name);
}

}  // namespace patchpipe
