// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The name, author and tags in a preset file, in one form for every format.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace patchpipe {

/// All texts are UTF-8. A field that the file lacks or leaves empty is absent.
struct PresetMetadata {
    std::string format;  // by content: detect_preset_format()
    std::optional<std::string> name;
    std::optional<std::string> author;
    std::vector<std::string> tags;         // in the file's order, each once
    std::optional<std::string> plugin_id;  // fxp, fxb: plugin_id_text(); vstpreset: the
                                           // class id, 32 hexadecimal digits in capitals;
                                           // serum2: none; pluginstate: the id's
                                           // hash, "fnv1a64:" and 16 digits
    /// pluginstate: the values of the parameters, each in its own unit, by their ids.
    std::vector<std::pair<std::uint32_t, double>> values = {};
};

/// Reads the head of the file, or all of a .vstpreset, whose list of chunks is at the end. Throws
/// Error not-found, io, corrupt, and unsupported if the file is not a preset of a known format.
[[nodiscard]] PresetMetadata read_metadata(const std::string& path);

/// The metadata of a .SerumPreset by the head of the file, as read_metadata(). path is for
/// messages.
[[nodiscard]] PresetMetadata parse_serum_preset_metadata(std::string_view head,
                                                         const std::string& path);

/// The XML of a .vstpreset's 'Info' chunk with this name, author and tags, for
/// parse_vstpreset_info().
[[nodiscard]] std::string build_vstpreset_info(const PresetMetadata& metadata);

/// A program of a bank.
struct ListedProgram {
    std::string name;       ///< empty if it has none, or if only the plug-in knows it
    std::string plugin_id;  ///< of the plug-in that it is for, as above
};

/// The programs of an .fxb, in order. Throws as read_metadata() does.
[[nodiscard]] std::vector<ListedProgram> read_bank_programs(const std::string& path);

/// The texts in the XML of a .vstpreset's 'Info' chunk: name, author and tags. XML that cannot be
/// read gives none.
[[nodiscard]] PresetMetadata parse_vstpreset_info(std::string_view xml);

}  // namespace patchpipe
