// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The VST2, VST3 and LV2 plug-ins that JUCE hosts.
#pragma once

#include <memory>

#include "plugin/opener.h"

namespace patchpipe {

/// As Opener::open(), for a source of one of the three kinds. Starts JUCE in this process, whose
/// message thread the calling thread becomes.
[[nodiscard]] std::unique_ptr<Processor> open_in_juce(const Source& source,
                                                      const BlockSettings& settings);

}  // namespace patchpipe
