// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which of the two plug-ins this is: all of the shell's sources that differ. It is without JUCE,
// since reading JUCE's headers for each of the two would take longer than the rest of the shell.
#pragma once

namespace patchpipe {

extern const char* const plugin_name;
extern const bool plugin_is_effect;

}  // namespace patchpipe
