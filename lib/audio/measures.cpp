// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "audio/measures.h"

#include <cmath>

#include "base/json.h"

namespace patchpipe {

void set_measures(Record& fields, const Meter& meter, AudioFormat::Depth depth) {
    const auto rms = meter.rms_db();
    fields.set("peak", meter.peak());
    fields.set_json("rms_db", rms ? json_number(std::round(*rms * 1000) / 1000) : "null");
    fields.set("clipped_samples", meter.clipped_samples());
    fields.set("silent", meter.silent(depth));
    fields.set("audio_hash", meter.audio_hash());
}

}  // namespace patchpipe
