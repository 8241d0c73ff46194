// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A file as one raw record for each of its lines, and back to the same bytes. Any file can pass,
// whatever it is.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "record/record.h"
#include "song/line_source.h"

namespace patchpipe {

using WriteLine = std::function<void(std::string_view)>;

/// The raw record of a line. parent is empty, or the id of what the line belongs to. The end of a
/// line is not in the record if it is "\n", or with a parent.
[[nodiscard]] std::string raw_record(const SourceLine& line, std::string_view parent);

/// Writes a record for every line of the source.
void write_raw_lines(LineSource& source, const WriteLine& write);

/// The bytes of a raw record's line, and how it ends. Throws Error bad-record.
[[nodiscard]] std::string raw_bytes(const Record& raw);
[[nodiscard]] std::string raw_end(const Record& raw);

}  // namespace patchpipe
