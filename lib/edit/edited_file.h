// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// From a record through an edit to a file and a result: which file is read, which one is written,
// and in what format.
#pragma once

#include <sys/stat.h>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "edit/edit.h"
#include "file/whole_file.h"
#include "record/record.h"

namespace patchpipe {

/// Where files are written. Without path, to the record's output_path.
struct EditTarget {
    std::optional<std::string> path = {};
    bool is_folder = false;  ///< path is one: the file is named after the input
    Sync sync = Sync::first;
    /// Called with the path of each file before it is written; may throw Error.
    std::function<void(const std::string& path)> check = {};
    /// A comment in the input that begins so is about the input's own bytes, and is left out.
    std::string_view own_comment = {};
    /// The stream that records come from, which cannot be the audio too.
    std::optional<struct stat> records = {};
};

/// Whether the record has an input_path or an output_path.
[[nodiscard]] bool has_audio(const Record& record);

/// Edits the audio of a record that has one: its input_path or its output_path (audio_key.h).
/// wanted is the record with the options in it, which win. Calls done with a record for each file:
/// the record as given, with status, output_path, sample_rate, format, bit_depth, frames, channels
/// and the measures of the file, with input_path as source_path, and without the fields of edits
/// that have been made. Throws what read_edit_settings(), AudioFile, edit_audio() and write_audio()
/// throw, and Error bad-record if there is no path.
void edit_file(const Record& record, const Record& wanted, const EditTarget& target,
               const std::function<void(const Record&)>& done);

}  // namespace patchpipe
