// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The values of an LV2's ports in a REAPER file, "P symbol value symbol value ...", in a record and
// as a state in Turtle. Only for lib/song. The lines are known from files that users published in
// bug reports. Not here: the <STATE block beside them, of which only texts are known.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "record/record.h"
#include "song/rpp_text.h"

namespace patchpipe {

/// By symbol, in the order of the file; each as the port has it.
using PortValues = std::vector<std::pair<std::string, double>>;

/// Adds the values of a line. Returns false, and adds none, if the line is no such line.
bool add_port_values(const RppFields& line, PortValues& values);

/// The key "ports": an object of numbers.
[[nodiscard]] std::string port_values_json(const PortValues& values);
/// Throws Error bad-record for another value.
[[nodiscard]] PortValues port_values_in(const Record& fx);

/// The line; empty without values.
[[nodiscard]] std::string port_values_line(const PortValues& values);
/// The line with other values for its symbols, which are removed from wanted.
[[nodiscard]] std::string line_with_port_values(std::string_view line, PortValues& wanted);

/// A state of that plug-in as hosts save it, with the values of ports and nothing else. Empty if
/// the URI cannot stand in Turtle.
[[nodiscard]] std::string lv2_state(std::string_view uri, const PortValues& values);

}  // namespace patchpipe
