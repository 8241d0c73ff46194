// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What is given to a plug-in of a preset file: the file itself, or the one preset that is meant of
// those in it. The process with the plug-in gets it open.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/descriptor.h"
#include "record/program_choice.h"

namespace patchpipe {

/// Which preset of a file is meant, of those that may be in it.
struct PresetChoice {
    std::string uri;                       ///< of an LV2 preset; may be empty
    std::optional<ProgramChoice> program;  ///< of a bank
};

struct PresetFile {
    std::string format;  ///< by content: detect_preset_format()
    /// Open at its beginning: what Patch::load_preset() takes. Of a bank with single programs that
    /// is an fxp; in a bank with the state of the whole plug-in, the program is still to be
    /// selected.
    Descriptor file;
};

/// Opens a preset. What is chosen does not matter for a file that is one preset. Throws Error
/// not-found, io, unsupported for what is not one preset, corrupt for a file of no known format,
/// and what read_lv2_preset() and find_program() throw.
[[nodiscard]] PresetFile open_preset_file(const std::string& path, const PresetChoice& choice);

struct PresetIdentity {
    std::string format;                ///< as above
    std::string hash;                  ///< of what the sound depends on, wherever the file is
    std::vector<std::string> plugins;  ///< LV2: the URIs of the plug-ins that it is for
};

/// Looks at a preset without keeping it. Throws as open_preset_file() does.
[[nodiscard]] PresetIdentity identify_preset(const std::string& path, const PresetChoice& choice);

}  // namespace patchpipe
