// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What JUCE's clients call to make the plug-in; compiled for each of the two.
#include "shell_processor.h"

juce::AudioProcessor* JUCE_CALLTYPE createPluginFilter();
juce::AudioProcessor* JUCE_CALLTYPE createPluginFilter() {
    return new patchpipe::ShellProcessor(JucePlugin_Name, PATCHPIPE_SHELL_EFFECT != 0);
}
