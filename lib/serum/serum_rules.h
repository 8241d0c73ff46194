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

/// Raise it with every change to the rules, so that renders and states made by other rules are made
/// again.
inline constexpr int serum_rules_version = 2;

/// Version markers that replace a preset's own, each only if given.
struct SerumVersions {
    std::optional<std::string> product;
    std::optional<double> format;
};

/// Throws UsageError if a version that is given must not be written into a state.
void check_serum_versions(const SerumVersions& versions);

/// The processor's data, and the version markers in it that tell Serum what to migrate.
struct SerumProcessor {
    std::string cbor;
    std::string product_version;
    double format_version = 0;
};

/// Converts a preset's data and checks the CBOR on the way. Throws Error corrupt as check_cbor
/// does, if it is not a map, and if only one of the two versions is there or one has a wrong value.
[[nodiscard]] SerumProcessor convert_serum_preset(std::string_view cbor, std::string_view name,
                                                  const SerumVersions& replaced = {});

}  // namespace patchpipe
