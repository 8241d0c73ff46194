// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A VST2 effect; tests compile it with make_vst2 and these macros before it:
//
//     CHANNELS   inputs and outputs; default 2
//     LATENCY    frames that it delays its input, and reports; default 0
//     REPORTED   frames that it reports instead
//     NAME       default "Gain"
//     THREAD     1: a gain below 0.9 counts once a thread of its own has worked on it
//     TRANSPORT  1: the output is the tempo / 1000, the position in quarters / 1000 and, as the
//                third channel, beats a bar / 100
//
// Parameters: 0 Gain, 0 to 1, shown as "50.0 %" and set by such a text; 1 Mode, shown as "off"
// below 0.5, else "on", and set by numbers only; 2 and 3 are both called Twin. A gain of 0.25
// crashes when a block begins with sound, and one of 0.75 makes samples that are not numbers.
#include <cmath>
#include <csignal>
#include <cstdio>
#include <semaphore>
#include <thread>
#include <vector>

#include "bare_vst2.h"

#ifndef CHANNELS
#define CHANNELS 2
#endif
#ifndef LATENCY
#define LATENCY 0
#endif
#ifndef REPORTED
#define REPORTED LATENCY
#endif
#ifndef NAME
#define NAME "Gain"
#endif
#ifndef THREAD
#define THREAD 0
#endif
#ifndef TRANSPORT
#define TRANSPORT 0
#endif

namespace {

struct Gain {
    audioMasterCallback host;
    float values[4] = {1, 0, 0, 0};
    std::vector<float> waiting[CHANNELS] = {};
    float worked_out = 1;
    std::counting_semaphore<> work{0};
};

void work(Gain& self) {
    for (;;) {
        self.work.acquire();
        for (volatile int i = 0; i < 30'000'000; i = i + 1) {
        }
        self.worked_out = self.values[0];
    }
}

Gain& gain_of(AEffect* effect) { return *static_cast<Gain*>(effect->object); }

void process(AEffect* effect, float** in, float** out, int frames) {
    auto& [host, values, waiting, worked_out, work] = gain_of(effect);
    if (values[0] == 0.25F && in[0][0] != 0) std::raise(SIGSEGV);
    const float gain = values[0] == 0.75F ? NAN : THREAD ? worked_out : values[0];
    for (int channel = 0; channel < CHANNELS; ++channel) {
        auto& delay = waiting[channel];
        delay.resize(LATENCY);
        delay.insert(delay.end(), in[channel], in[channel] + frames);
        for (int i = 0; i < frames; ++i) out[channel][i] = gain * delay[i];
        delay.erase(delay.begin(), delay.begin() + frames);
    }
    if (!TRANSPORT) return;
    const auto* time = reinterpret_cast<VstTimeInfo*>(
        host(effect, audioMasterGetTime, 0, kVstTempoValid | kVstPpqPosValid, nullptr, 0));
    const double shown[] = {time->tempo / 1000, time->ppqPos / 1000,
                            time->timeSigNumerator / 100.0};
    for (int channel = 0; channel < CHANNELS; ++channel)
        for (int i = 0; i < frames; ++i) out[channel][i] = static_cast<float>(shown[channel]);
}

VstIntPtr dispatch(AEffect* effect, int opcode, int index, VstIntPtr, void* pointer, float) {
    auto* text = static_cast<char*>(pointer);
    auto& values = gain_of(effect).values;
    constexpr int string_to_parameter = 27;
    constexpr const char* names[] = {"Gain", "Mode", "Twin", "Twin"};
    switch (opcode) {
        case effGetEffectName:
            std::strcpy(text, NAME);
            return 1;
        case effGetParamName:
            std::strcpy(text, names[index]);
            return 1;
        case effGetParamDisplay:
            if (index == 1)
                std::strcpy(text, values[1] < 0.5F ? "off" : "on");
            else
                std::snprintf(text, 20, "%.1f", 100.0 * values[index]);
            return 1;
        case string_to_parameter:
            if (index != 0 || !std::strchr(text, '%')) return 0;
            values[0] = std::strtof(text, nullptr) / 100;
            return 1;
        default:
            return 0;
    }
}

}  // namespace

extern "C" AEffect* VSTPluginMain(audioMasterCallback call) {
    // A chain may have several.
    auto& effect = *new AEffect(bare_synth());
    auto& gain = *new Gain{call};
    effect.object = &gain;
    if (THREAD) std::thread([&gain] { work(gain); }).detach();
    effect.flags = effFlagsCanReplacing;
    effect.uniqueID = 'Gain' + CHANNELS + LATENCY;
    effect.numInputs = effect.numOutputs = CHANNELS;
    effect.initialDelay = REPORTED;
    effect.numParams = 4;
    effect.dispatcher = dispatch;
    effect.setParameter = [](AEffect* self, int index, float value) {
        gain_of(self).values[index] = value;
        if (THREAD && index == 0 && value < 0.9F) gain_of(self).work.release();
    };
    effect.getParameter = [](AEffect* self, int index) { return gain_of(self).values[index]; };
    effect.processReplacing = process;
    return &effect;
}
