// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What is known of a rendered file is in the file itself: its comment is a note of what it was made
// from (provenance.h), of what was measured, and of what is in the file behind it. A later run
// reads it back instead of rendering again.
#pragma once

#include <cstddef>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "audio/file_body.h"
#include "audio/meter.h"
#include "job/render_job.h"
#include "record/record.h"

namespace patchpipe {

/// Sets peak, rms_db, clipped_samples, silent and audio_hash.
void set_measures(Record& fields, const Meter& meter, AudioFormat::Depth depth);

/// The most bytes that a note can take. It depends on these two only, so it is known before
/// anything is rendered.
[[nodiscard]] std::size_t note_room(std::string_view provenance, std::string_view plugin);

/// The note as one line of JSON: provenance with the members "result", these fields, and "file",
/// the body.
[[nodiscard]] std::string render_note(std::string_view provenance, const Record& result,
                                      const FileBody& body);

/// The fields of the result that the file at job.output_path keeps, whatever it was made from: none
/// if another program made it. Nothing if there is no whole audio file of that name in the job's
/// format, or if it has other bytes than when it was made.
/// All of the file may have to be read; it is not read any further when it has been given up.
[[nodiscard]] std::optional<Record> noted_result(const RenderJob& job,
                                                 const std::stop_token& given_up);

/// The fields of the result of an earlier run, if the file at job.output_path is whole and was made
/// from just that; otherwise nothing. An npy file has no place for a note: it counts by its name
/// and its length, if not all its samples are zero, and is measured again.
/// Reads as noted_result() does.
[[nodiscard]] std::optional<Record> known_result(const RenderJob& job, std::string_view provenance,
                                                 const std::stop_token& given_up);

}  // namespace patchpipe
