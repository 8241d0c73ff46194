// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "juce/juce_runtime.h"

#include <juce_events/juce_events.h>
#include <stdexcept>

#include "base/inner_pipes.h"

// Declared in juce_MessageManager.cpp only; the public loop sleeps.
#if JUCE_MAJOR_VERSION >= 8
namespace juce::detail {
#else
namespace juce {
#endif
bool dispatchNextMessageOnSystemQueue(bool returnIfNoPendingMessages);
}  // namespace

namespace patchpipe {

void start_juce() {
    static juce::ScopedJuceInitialiser_GUI* runtime =
        nullptr;  // never shut down: we leave by _exit
    if (runtime) return;
    const auto before = count_inner_pipes();
    runtime = new juce::ScopedJuceInitialiser_GUI();
    // The pair is not in any header, and a forked child has to find it.
    if (count_inner_pipes() != before + 1)
        throw std::logic_error("JUCE's message queue is not the one socket pair it was");
}

void pump_messages() {
    using namespace juce;
#if JUCE_MAJOR_VERSION >= 8
    using namespace juce::detail;
#endif
    constexpr int most = 1000;
    for (int i = 0; i < most && dispatchNextMessageOnSystemQueue(true); ++i) {
    }
}

}  // namespace patchpipe
