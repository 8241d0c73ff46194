// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "catalog/lv2_record.h"

namespace patchpipe {

Record lv2_record(const Lv2Preset& preset) {
    Record record("{}");
    record.set("preset_path", preset.path);
    record.set("preset_format", "lv2");
    record.set("preset_uri", preset.uri);
    if (!preset.name.empty()) record.set("preset_name", preset.name);
    if (!preset.bank.empty()) record.set("preset_bank", preset.bank);
    if (!preset.plugin.empty()) record.set("plugin_id", preset.plugin);
    return record;
}

}  // namespace patchpipe
