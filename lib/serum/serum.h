// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The contents of Serum 2's XferJson containers, and the conversion of a preset file to a state.
// Serum's setState accepts a preset's own bytes without an error but keeps its init patch, so a
// preset must first be brought into the shape of the processor's state. Not here: the rules of that
// (serum_rules.h), the container (xferjson.h), the envelope of JUCE hosts (juce_state.h).
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "serum/serum_rules.h"

namespace patchpipe {

/// The most bytes of a preset or state: enough for CBOR of largest_cbor, in base64 too.
inline constexpr std::size_t largest_serum_file = std::size_t{1536} << 20;

enum class SerumContent { preset, state, other };

/// The kind of content by its metadata; other is a bank of arpeggios, for example. Throws Error
/// corrupt if the metadata does not say.
[[nodiscard]] SerumContent serum_content(std::string_view metadata, std::string_view name);

/// Throws Error unsupported, saying what the content is, unless it is a preset.
void check_is_serum_preset(std::string_view metadata, std::string_view name);

/// A field of the metadata; nothing if it is absent or not a string.
[[nodiscard]] std::optional<std::string> serum_metadata_text(std::string_view metadata,
                                                             std::string_view key);

/// The strings in an array of the metadata; other values are left out. Empty if it is absent.
[[nodiscard]] std::vector<std::string> serum_metadata_texts(std::string_view metadata,
                                                            std::string_view key);

/// Builds the plug-in's IComponent state from the processor's data.
[[nodiscard]] std::string build_serum_component(SerumProcessor processor);

/// Converts the data of a .SerumPreset file to the processor's. Throws Error as parse_xferjson,
/// decompress_cbor, check_is_serum_preset and convert_serum_preset do.
[[nodiscard]] SerumProcessor serum_preset_to_processor(std::string_view bytes,
                                                       std::string_view name,
                                                       const SerumVersions& replaced = {});

/// Converts a .SerumPreset file to the plug-in's IComponent state. Throws the same.
[[nodiscard]] std::string serum_preset_to_component(std::string_view bytes, std::string_view name,
                                                    const SerumVersions& replaced = {});

}  // namespace patchpipe
