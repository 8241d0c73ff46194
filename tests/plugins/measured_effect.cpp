// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A VST2 effect on two channels whose measurements are known; tests compile it with other macros by
// make_vst2. Its parameters, all 0 at first, and 0 is off:
//
//     Pole    y[n] = (1 - p) x[n] + p y[n - 1], first
//     Clip    what is above 1 - c is cut off there
//     Delay   a thousand frames at 1, reported as the LATENCY of the build; default 0
//     Offset  is added
//     NaN     for every sample that is exactly 1
//     Memory  two allocations and releases a block, one by malloc() and one by new
//     Lock    locks a mutex once a block
//     Wait    sleeps for a nanosecond once a block
//     File    opens /dev/null once a block, writes to it, and closes it
//     Worker  a thread of its own allocates while a block is processed
#include <fcntl.h>
#include <cmath>
#include <ctime>
#include <mutex>
#include <thread>
#include <vector>

#include "bare_vst2.h"

#ifndef LATENCY
#define LATENCY 0
#endif

namespace {

enum { pole, clip, delay, offset, nan, memory, lock, wait, file, worker, parameters };
constexpr const char* names[] = {"Pole",   "Clip", "Delay", "Offset", "NaN",
                                 "Memory", "Lock", "Wait",  "File",   "Worker"};

float values[parameters];
float last[2];
std::vector<float> waiting[2];
std::mutex mutex;
void* volatile kept;

void be_unsafe() {
    if (values[memory] > 0) {
        kept = std::malloc(100);
        std::free(kept);
        auto* const number = new int;
        kept = number;
        delete static_cast<int*>(kept);
    }
    if (values[lock] > 0) std::lock_guard guard(mutex);
    if (values[wait] > 0) {
        const timespec time{0, 1};
        nanosleep(&time, nullptr);
    }
    if (values[file] > 0) {
        const int fd = open("/dev/null", O_WRONLY);
        (void)!write(fd, "x", 1);
        close(fd);
    }
    if (values[worker] > 0) std::thread([] { std::free(kept = std::malloc(100)); }).join();
}

float changed(float sample, int channel) {
    if (values[nan] > 0 && sample == 1) return NAN;
    auto& before = last[channel];
    before = (1 - values[pole]) * sample + values[pole] * before;
    const float most = 1 - values[clip];
    return std::fmin(std::fmax(before, -most), most) + values[offset];
}

void process(AEffect*, float** in, float** out, int frames) {
    be_unsafe();
    const auto late = static_cast<std::size_t>(std::lround(1000 * values[delay]));
    for (int channel = 0; channel < 2; ++channel) {
        auto& line = waiting[channel];
        line.resize(std::max(line.size(), late));
        for (int i = 0; i < frames; ++i) {
            line.push_back(changed(in[channel][i], channel));
            out[channel][i] = line[line.size() - 1 - late];
        }
        line.erase(line.begin(), line.end() - static_cast<std::ptrdiff_t>(late));
    }
}

}  // namespace

extern "C" AEffect* VSTPluginMain(audioMasterCallback) {
    auto& effect = *new AEffect(bare_synth());  // a chain may have another plug-in of ours
    effect.flags = effFlagsCanReplacing;
    effect.uniqueID = 'Meas';
    effect.numInputs = effect.numOutputs = 2;
    effect.initialDelay = LATENCY;
    effect.numParams = parameters;
    effect.dispatcher = [](AEffect*, int opcode, int index, VstIntPtr, void* pointer,
                           float) -> VstIntPtr {
        if (opcode == effGetEffectName) std::strcpy(static_cast<char*>(pointer), "Measured");
        if (opcode == effGetParamName) std::strcpy(static_cast<char*>(pointer), names[index]);
        return opcode == effGetEffectName || opcode == effGetParamName;
    };
    effect.setParameter = [](AEffect*, int index, float value) { values[index] = value; };
    effect.getParameter = [](AEffect*, int index) { return values[index]; };
    effect.processReplacing = process;
    return &effect;
}
