// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The note in a rendered file: its comment says what the file was made from (provenance.h), what
// was measured, and the hash of the bytes behind it. A later run reads the note instead of
// rendering again.
#pragma once

#include <cstddef>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "audio/file_body.h"
#include "job/render_job.h"
#include "record/record.h"

namespace patchpipe {

/// The most bytes that a note can take. It depends on these two only, so it is known before
/// anything is rendered.
[[nodiscard]] std::size_t note_room(std::string_view provenance, std::string_view plugin);

/// The note as one line of JSON: provenance with the members "result", these fields, and "file",
/// the body.
[[nodiscard]] std::string render_note(std::string_view provenance, const Record& result,
                                      const FileBody& body);

/// The fields of the result in the note of the file at job.output_path, whatever it was made from;
/// no fields if another program made it. Empty if that is not a whole audio file in the job's
/// format, or if its bytes have changed since. Reads up to all of the file, and stops when nobody
/// waits any more.
[[nodiscard]] std::optional<Record> noted_result(const RenderJob& job,
                                                 const std::stop_token& given_up);

/// The fields of the result of an earlier run, if the file at job.output_path is whole and was made
/// from just that; otherwise nothing, as of an npy file, which has no place for a note. Reads as
/// noted_result() does.
[[nodiscard]] std::optional<Record> known_result(const RenderJob& job, std::string_view provenance,
                                                 const std::stop_token& given_up);

}  // namespace patchpipe
