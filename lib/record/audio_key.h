// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which field of a record names the audio that a tool reads.
#pragma once

#include <string_view>

#include "record/record.h"

namespace patchpipe {

inline constexpr std::string_view input_key = "input_path", output_key = "output_path";

/// output_key if an earlier tool has made that file, by the status "ok" or "skipped", or if there
/// is no input_path; else input_key. The record may have neither. Throws Error bad-record for a
/// status that is no text.
[[nodiscard]] std::string_view audio_key(const Record& record);

}  // namespace patchpipe
