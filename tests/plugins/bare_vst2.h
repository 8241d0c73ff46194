// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The least that is a VST2 synth, for tests that compile one of their own (make_vst2 in
// tests/helper.bash). Such a test defines VSTPluginMain() and returns bare_synth(), changed as it
// needs it.
#pragma once

#include <sys/stat.h>
#include <unistd.h>
#include <cstdlib>
#include <cstring>
#include <string>

#include "juce/vst2/pluginterfaces/vst2.x/aeffectx.h"

/// A mono synth without programs, parameters or sound. There is one in a process.
inline AEffect& bare_synth() {
    static AEffect effect;
    std::memset(&effect, 0, sizeof effect);
    effect.magic = kEffectMagic;
    effect.dispatcher = [](AEffect*, int, int, VstIntPtr, void*, float) -> VstIntPtr { return 0; };
    effect.setParameter = [](AEffect*, int, float) {};
    effect.getParameter = [](AEffect*, int) { return 0.0F; };
    effect.processReplacing = [](AEffect*, float**, float**, int) {};
    effect.numOutputs = 1;
    effect.flags = effFlagsCanReplacing | effFlagsIsSynth;
    return effect;
}

/// Writes the text in $FORGED, with its size before it, to every socket of the process, as if it
/// were the process's answer, and waits for ever.
[[noreturn]] inline void answer_in_our_place() {
    const std::string text = std::getenv("FORGED");
    const auto size = static_cast<unsigned>(text.size());
    struct stat status {};
    for (int fd = 3; fd < 200; ++fd)
        if (fstat(fd, &status) == 0 && S_ISSOCK(status.st_mode) &&
            write(fd, &size, sizeof size) == sizeof size)
            (void)!write(fd, text.data(), size);
    for (;;) pause();
}
