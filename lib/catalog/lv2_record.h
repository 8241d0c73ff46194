// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// An LV2 preset as the fields of a record.
#pragma once

#include "lv2/lv2_presets.h"
#include "record/record.h"

namespace patchpipe {

/// preset_path, preset_format, preset_uri and, if the preset has them, preset_name, preset_bank and
/// plugin_id. The path must be UTF-8.
[[nodiscard]] Record lv2_record(const Lv2Preset& preset);

}  // namespace patchpipe
