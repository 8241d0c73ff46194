// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The hash by which contents are compared: of audio, presets, plug-ins.
#pragma once

#include <string>
#include <string_view>

namespace patchpipe {

/// "xxh128:" and 32 hexadecimal digits, XXH3's 128 bits over the bytes; xxhsum -H2 prints the same
/// digits.
[[nodiscard]] std::string content_hash(std::string_view bytes);

/// The same over a regular file's bytes. Throws Error not-found, unsupported or io.
[[nodiscard]] std::string file_hash(const std::string& path);

}  // namespace patchpipe
