// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <juce_core/juce_core.h>

#include <string>

namespace patchpipe {

/// UTF-8 as JUCE has it.
inline juce::String text_of(const std::string& text) {
    return juce::String::fromUTF8(text.c_str());
}

}  // namespace patchpipe
