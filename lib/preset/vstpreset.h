// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// VST3 presets: .vstpreset files with a component state, a controller state and metadata in chunks.
// patchpipe-formats(5) has the format byte by byte; numbers are little-endian. Not here: loading
// one into a plug-in.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace patchpipe {

/// The views are into the bytes that were parsed. A chunk may be there and be empty.
struct VstPreset {
    std::string class_id;                             ///< 32 hexadecimal digits, as in the file
    std::string_view component = {};                  ///< 'Comp'
    std::optional<std::string_view> controller = {};  ///< 'Cont'
    std::optional<std::string_view> info = {};        ///< 'Info': XML
    std::vector<std::string> others = {};  ///< the ids of the chunks that are ignored, as 'Prog'
};

/// name is for messages. Throws Error corrupt, and unsupported for another version of the format.
[[nodiscard]] VstPreset parse_vstpreset(std::string_view bytes, std::string_view name);

/// Returns the file's bytes, with the chunks in the order above and without the others. That is how
/// Steinberg's own code writes it.
[[nodiscard]] std::string build_vstpreset(const VstPreset& preset);

/// True if both are the id of the same class, even if one of them is in the byte order of Windows,
/// where the first three groups are those of a COM GUID. Letter case does not matter.
[[nodiscard]] bool same_class_id(std::string_view one, std::string_view other);

}  // namespace patchpipe
