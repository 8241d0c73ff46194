// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "record/audio_key.h"

namespace patchpipe {

std::string_view audio_key(const Record& record) {
    if (!record.raw(input_key)) return output_key;
    const auto status = record.text("status");
    const bool is_made = status == "ok" || status == "skipped";
    return is_made && record.raw(output_key) ? output_key : input_key;
}

}  // namespace patchpipe
