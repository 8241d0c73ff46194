// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Modules that are texts, as ModPMV reads them, as song records: samples that are files, and
// patterns of rows that play them.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "song/raw_lines.h"
#include "song/song_reader.h"

namespace patchpipe {

/// A larger file is refused.
inline constexpr std::size_t largest_text_module = std::size_t{4} << 20;

/// A row lasts so long if nothing else is said.
inline constexpr double usual_row_ms = 250;

/// Writes the records of the module: rows, notes or items, as playing says. path is what they call
/// it. Lines that are wrong are error records, and the rest is read. Throws Error unsupported for
/// what plays too long.
void read_text_module(std::string_view text, const std::string& path, const SongPlaying& playing,
                      const WriteLine& write);

}  // namespace patchpipe
