// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Compiled for each of the two plug-ins, with the macros that JUCE's clients get.
#include "identity.h"

namespace patchpipe {

const char* const plugin_name = JucePlugin_Name;
const bool plugin_is_effect = PATCHPIPE_SHELL_EFFECT != 0;

}  // namespace patchpipe
