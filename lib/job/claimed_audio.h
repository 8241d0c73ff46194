// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What an answer says of the file that a job has made. A plug-in may have written the answer in our
// place, so this is compared with what the job asks for and with the file, before that gets its
// name. Not here: whether the samples are the plug-in's sound, which nobody else can know.
#pragma once

#include <cstdint>
#include <optional>

#include "job/render_job.h"
#include "record/record.h"

namespace patchpipe {

struct ClaimedAudio {
    std::optional<AudioFormat::Container> container;  ///< nothing for a preset, which has no audio
    int sample_bytes;                                 ///< where samples are stored as they are
    std::int64_t frames, channels;
};

/// Throws Error crash if the fields are not those of the length that the job asks for.
[[nodiscard]] ClaimedAudio claimed_audio(const Record& fields, const RenderJob& job);

/// Throws Error crash if the file is empty or has less than that audio. Samples that are stored as
/// they are count by their bytes, others by the file's header.
void check_claimed_audio(const ClaimedAudio& claimed, int fd);

}  // namespace patchpipe
