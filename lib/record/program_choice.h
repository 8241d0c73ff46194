// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The field `program` of a record: which of several programs is meant, of a plug-in's own or of
// those in a bank.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "record/record.h"

namespace patchpipe {

/// A program's number from 0, or else its name.
struct ProgramChoice {
    std::optional<std::int64_t> number = {};
    std::string name = {};
};

/// The record's `program`; nothing if it has none. Throws Error bad-record if it is neither a whole
/// number nor a text.
[[nodiscard]] std::optional<ProgramChoice> program_choice(const Record& record);

/// Sets `program`.
void set_program(Record& record, const ProgramChoice& choice);

}  // namespace patchpipe
