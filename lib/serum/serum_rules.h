// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The rules that turn the data of a Serum 2 preset into the data of the processor's state.
// patchpipe-formats(5) lists them. Not here: containers and metadata (serum.h).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace patchpipe {

/// Raise it with every change to the rules: a render or state that was made by other rules is then
/// made again.
inline constexpr int serum_rules_version = 2;

/// Markers of version that replace a preset's own; each only if it is there.
struct SerumVersions {
    std::optional<std::string> product;
    std::optional<double> format;
};

/// Throws UsageError unless each version that is there may be written into a state.
void check_serum_versions(const SerumVersions& versions);

/// The processor's data, and the markers of version in it, by which Serum migrates.
struct SerumProcessor {
    std::string cbor;
    std::string product_version;
    double format_version = 0;
};

/// Converts a preset's data. The CBOR is checked on the way: throws Error corrupt as check_cbor
/// does, unless it is a map, and for a pair of versions that is not whole or has a wrong value.
[[nodiscard]] SerumProcessor convert_serum_preset(std::string_view cbor, std::string_view name,
                                                  const SerumVersions& replaced = {});

}  // namespace patchpipe
