// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What Serum 2 puts into an XferJson container, and how a preset becomes a state. Serum's setState
// takes a preset's own bytes without an error and keeps its init patch, so a preset must be brought
// into the shape of the processor's state first. patchpipe-formats(5) has the rules. Not here: the
// container (xferjson.h), the envelope of JUCE hosts (juce_state.h).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace patchpipe {

/// Which Serum a state claims to come from.
struct SerumVersions {
    std::string product = "2.1.4";
    double format = 10.0;
};

enum class SerumContent { preset, state };

/// What the metadata says of the content. Throws Error unsupported if it is another type of file
/// (a bank of arpeggios, for one), corrupt if the metadata says nothing.
[[nodiscard]] SerumContent serum_content(std::string_view metadata, std::string_view name);

/// A field of the metadata; nothing if it is absent or no string.
[[nodiscard]] std::optional<std::string> serum_metadata_text(std::string_view metadata,
                                                             std::string_view key);

/// The strings in an array of the metadata, without what is no string; none if it is absent.
[[nodiscard]] std::vector<std::string> serum_metadata_texts(std::string_view metadata,
                                                            std::string_view key);

/// The CBOR of a preset in the shape of the processor's state. It is checked on the way: throws
/// Error corrupt as check_cbor does, and unless it is a map.
[[nodiscard]] std::string serum_processor_cbor(std::string_view cbor, std::string_view name,
                                               const SerumVersions& versions = {});

/// The plug-in's IComponent state around CBOR in the processor's shape.
[[nodiscard]] std::string build_serum_component(std::string_view processor_cbor,
                                                const SerumVersions& versions = {});

/// A .SerumPreset file's CBOR, still in the preset's shape and not checked. Throws Error as
/// parse_xferjson and decompress_cbor do, and unsupported for a state.
[[nodiscard]] std::string serum_preset_cbor(std::string_view bytes, std::string_view name);

/// A .SerumPreset file as the plug-in's IComponent state. Throws as serum_preset_cbor and
/// serum_processor_cbor do.
[[nodiscard]] std::string serum_preset_to_component(std::string_view bytes, std::string_view name,
                                                    const SerumVersions& versions = {});

}  // namespace patchpipe
