// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The .pluginstate files that plug-ins built with truce write: the values of the parameters, and
// bytes of the plug-in's own. All numbers are little-endian.
//
//   4  "OAST"
//   4  u32: the version, 1
//   8  u64: FNV-1a of the plug-in's id
//   4  u32: how many parameters
//      for each: 4, u32, its id; 8, double, its value in its own unit
//   8  u64: how many bytes follow, which are the plug-in's
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace patchpipe {

struct TruceParameter {
    std::uint32_t id;
    double value;
};

struct TruceState {
    std::uint64_t plugin_hash;  ///< truce_hash() of the plug-in's id
    std::vector<TruceParameter> parameters;
    std::string_view extra;  ///< into the bytes that were parsed
};

/// True if the bytes begin as such a file does.
[[nodiscard]] constexpr bool is_truce_state(std::string_view bytes) {
    return bytes.starts_with("OAST");
}

/// The hash by which a file names its plug-in: FNV-1a in 64 bits
/// (draft-eastlake-fnv).
[[nodiscard]] std::uint64_t truce_hash(std::string_view plugin_id);

/// name is for messages. Throws Error corrupt, and unsupported for another version.
[[nodiscard]] TruceState parse_truce_state(std::string_view bytes, std::string_view name);

}  // namespace patchpipe
