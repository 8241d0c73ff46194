// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What differs between the records of a file and those that change it. Only for lib/song.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "record/record.h"
#include "song/midi_events.h"

namespace patchpipe {

/// JSON with every number written in the same way, since jq may write 0.0005 for 5e-04.
[[nodiscard]] std::string normal_json(std::string_view json);

/// True if the second record has no other value for any of the keys.
[[nodiscard]] bool same_values(const Record& before, const Record& after,
                               std::initializer_list<std::string_view> keys);
/// The same for each pair of records, which must be of the same types, too.
[[nodiscard]] bool same_values(const std::vector<Record>& before, const std::vector<Record>& after,
                               std::initializer_list<std::string_view> keys);

/// The second record without the values that the first has too.
[[nodiscard]] Record changed_values(const Record& before, const Record& after);

[[nodiscard]] bool same_events(const std::vector<TickEvent>& before,
                               const std::vector<TickEvent>& after);

}  // namespace patchpipe
