// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The least that is a VST2 synth, for tests that compile one of their own (make_vst2 in
// tests/helper.bash). Such a test defines VSTPluginMain() and returns bare_synth(), changed as it
// needs it.
#pragma once

#include <sys/stat.h>
#include <unistd.h>
#include <climits>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
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

/// Calls use(velocity) for each note-on among the events that a host sends with effProcessEvents.
template <typename Use>
VstIntPtr for_each_note_on(int opcode, const void* data, Use use) {
    if (opcode != effProcessEvents) return 0;
    const auto* events = static_cast<const VstEvents*>(data);
    for (int i = 0; i < events->numEvents; ++i) {
        const auto* midi = reinterpret_cast<const VstMidiEvent*>(events->events[i])->midiData;
        if ((midi[0] & 0xf0) == 0x90 && midi[2] != 0) use(midi[2]);
    }
    return 1;
}

/// The number of the request that the process answers, of 19 digits; it is on the board, the only
/// memory here that is shared (lib/isolation/board.h).
inline std::string number_of_request() {
    std::ifstream maps("/proc/self/maps");
    for (std::string line; std::getline(maps, line);) {
        unsigned long begin = 0, end = 0;
        char rights[5] = "";
        std::sscanf(line.c_str(), "%lx-%lx %4s", &begin, &end, rights);
        if (std::strcmp(rights, "rw-s") != 0) continue;
        for (const auto* number = reinterpret_cast<const unsigned long*>(begin);
             number < reinterpret_cast<const unsigned long*>(end); ++number)
            if (*number >= 1'000'000'000'000'000'000 && *number != LONG_MAX)  // that is a deadline
                return std::to_string(*number);
    }
    return "";
}

/// Writes the text in $FORGED, with the number of the request and the size before it, to every
/// socket of the process, as if it were the process's answer, and waits for ever.
[[noreturn]] inline void answer_in_our_place() {
    const std::string text = number_of_request() + " " + std::getenv("FORGED");
    const auto size = static_cast<unsigned>(text.size());
    struct stat status {};
    for (int fd = 3; fd < 200; ++fd)
        if (fstat(fd, &status) == 0 && S_ISSOCK(status.st_mode) &&
            write(fd, &size, sizeof size) == sizeof size)
            (void)!write(fd, text.data(), size);
    for (;;) pause();
}
