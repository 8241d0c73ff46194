// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What is wrong with a plug-in's binary, in words: the loader's own, and a host's "unable to load",
// do not tell what to do. Not here: finding the binary (vst_source.h).
#pragma once

#include <string>
#include <string_view>

namespace patchpipe {

/// Reads the file and loads nothing. kind is "VST2", "VST3", "LV2" or "logic". Throws Error
/// not-found, io (it cannot be read), plugin-load (it is damaged), or unsupported for everything
/// but a plug-in of this kind for this machine: a Windows library, another machine's, a text.
void inspect_binary(const std::string& path, std::string_view kind);

/// What to do about a plug-in for another system; they follow a "; ".
inline constexpr std::string_view windows_advice =
    "on Linux it runs through a Wine bridge such as yabridge: run yabridgectl sync, and give the "
    "plug-in that it makes";
inline constexpr std::string_view macos_advice = "install the synth's version for Linux";

/// What is said of a logic library (lib/logic) that is not recognised as one.
inline constexpr std::string_view lacks_logic_note =
    "has the symbol patchpipe_logic, but not the note by which hosts check it; define it with "
    "PATCHPIPE_LOGIC_EXPORT of patchpipe/logic.h";

/// Loads the file, which stays loaded: what comes later cannot fail over its libraries. Throws
/// Error plugin-load with the library that is missing, or the symbol.
void load_binary(const std::string& path);

/// Loads a copy of the file, and returns the loader's handle. Throws as load_binary() does.
[[nodiscard]] void* load_copy(const std::string& path, const std::string& copy);

}  // namespace patchpipe
