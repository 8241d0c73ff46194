// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What Serum 2 puts into an XferJson container, and a preset file as a state. Serum's setState
// takes a preset's own bytes without an error and keeps its init patch, so a preset must be brought
// into the shape of the processor's state first. Not here: the rules of that (serum_rules.h), the
// container (xferjson.h), the envelope of JUCE hosts (juce_state.h).
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "serum/serum_rules.h"

namespace patchpipe {

/// Bytes of a preset or state: the most that CBOR of largest_cbor comes to, in base64 too.
inline constexpr std::size_t largest_serum_file = std::size_t{1536} << 20;

enum class SerumContent { preset, state, other };

/// What the metadata says that the content is: other is a bank of arpeggios, for one. Throws Error
/// corrupt if it says nothing.
[[nodiscard]] SerumContent serum_content(std::string_view metadata, std::string_view name);

/// Throws Error unsupported, with the words what it is, unless the content is a preset.
void check_is_serum_preset(std::string_view metadata, std::string_view name);

/// A field of the metadata; nothing if it is absent or no string.
[[nodiscard]] std::optional<std::string> serum_metadata_text(std::string_view metadata,
                                                             std::string_view key);

/// The strings in an array of the metadata, without what is no string; none if it is absent.
[[nodiscard]] std::vector<std::string> serum_metadata_texts(std::string_view metadata,
                                                            std::string_view key);

/// The plug-in's IComponent state around the processor's data.
[[nodiscard]] std::string build_serum_component(SerumProcessor processor);

/// The data of a .SerumPreset file as the processor's. Throws Error as parse_xferjson,
/// decompress_cbor, check_is_serum_preset and convert_serum_preset do.
[[nodiscard]] SerumProcessor serum_preset_to_processor(std::string_view bytes,
                                                       std::string_view name,
                                                       const SerumVersions& replaced = {});

/// A .SerumPreset file as the plug-in's IComponent state. Throws the same.
[[nodiscard]] std::string serum_preset_to_component(std::string_view bytes, std::string_view name,
                                                    const SerumVersions& replaced = {});

}  // namespace patchpipe
