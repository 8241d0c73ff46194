// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which plug-ins a VST3 holds, asked of its factory. JUCE makes an instance of each to describe it,
// which takes as long again as loading it, and takes it down, in which some crash.
#pragma once

#include <juce_audio_processors/juce_audio_processors.h>

#include "plugin/source.h"

namespace patchpipe {

/// What JUCE needs to know to open the VST3's first instrument, or its first effect if it has no
/// instrument. Throws Error plugin-load if it has neither.
[[nodiscard]] juce::PluginDescription describe_vst3(juce::AudioPluginFormat& format,
                                                    const Source& source);

}  // namespace patchpipe
