// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The fields of a job's result: the one list of their names and types. Results come from the
// process with the plug-in and from notes in files (rendered_file.h), and anybody may have written
// either: only what is in the list is taken over.
#pragma once

#include "record/record.h"

namespace patchpipe {

/// The fields of a result that are in `given`, in the list's order, with the times of the run or
/// without. Throws Error bad-record for a value of the wrong type.
[[nodiscard]] Record measured_fields(const Record& given);
[[nodiscard]] Record measured_and_timed_fields(const Record& given);

/// The fields that say what a plug-in is, as describe() gives them. Throws as above.
[[nodiscard]] Record described_fields(const Record& given);

/// The fields of an answer to a signal, as play_signal() gives them. Throws as above.
[[nodiscard]] Record played_fields(const Record& given);

/// Removes the fields of an earlier run's result, which would be taken for this run's. Throws Error
/// bad-record for a record in which they cannot be found.
void forget_result(Record& record);

}  // namespace patchpipe
