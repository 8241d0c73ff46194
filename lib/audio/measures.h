// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a Meter has measured, as the fields of a record.
#pragma once

#include "audio/meter.h"
#include "record/record.h"

namespace patchpipe {

/// Sets peak, rms_db, clipped_samples, silent and audio_hash.
void set_measures(Record& fields, const Meter& meter, AudioFormat::Depth depth);

}  // namespace patchpipe
