// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Events as records: {"time":1.5,"type":"note","note":60}. play-one(1) lists the types.
#pragma once

#include "job/parameter_finder.h"
#include "play/live_event.h"
#include "record/record.h"

namespace patchpipe {

/// The record's event. Throws Error bad-record for an unknown type, a field of the wrong type or
/// out of its range, a parameter that the plug-in has not, and bytes that are no MIDI message.
[[nodiscard]] LiveEvent read_event(const Record& record, const ParameterFinder& parameters,
                                   int sample_rate);

}  // namespace patchpipe
