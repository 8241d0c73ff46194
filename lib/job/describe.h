// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What an open plug-in is, as the fields of a record.
#pragma once

#include <string>

#include "isolation/handler.h"
#include "record/record.h"
#include "render/processor.h"

namespace patchpipe {

/// plugin_format, name, vendor, version, plugin_id, is_instrument, channels, inputs,
/// latency_frames, program_count, parameter_count, has_state; and, where wanted has true for
/// "parameters" or "programs", these lists, and for "details" what Processor::details() gives, and
/// the meters.
[[nodiscard]] Record describe(Processor& processor, const Record& wanted, Asker& asker);

}  // namespace patchpipe
