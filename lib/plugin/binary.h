// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What is wrong with a plug-in's binary, in words: the loader's own, and a host's "unable to load",
// do not tell what to do. Not here: finding the binary (vst_source.h).
#pragma once

#include <string>
#include <string_view>

namespace patchpipe {

/// Reads the file and loads nothing. kind is "VST2", "VST3" or "LV2". Throws Error not-found, io
/// (it cannot be read), plugin-load (it is damaged), or unsupported for everything but a plug-in of
/// this kind for this machine: a Windows library, another machine's, a text.
void inspect_binary(const std::string& path, std::string_view kind);

/// What to do about a plug-in for another system; they follow a "; ".
inline constexpr std::string_view windows_advice =
    "on Linux it runs through a Wine bridge such as yabridge: run yabridgectl sync, and give the "
    "plug-in that it makes";
inline constexpr std::string_view macos_advice = "install the synth's version for Linux";

/// Loads the file, which stays loaded: what comes later cannot fail over its libraries. Throws
/// Error plugin-load with the library that is missing, or the symbol.
void load_binary(const std::string& path);

}  // namespace patchpipe
