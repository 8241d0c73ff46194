// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// JUCE's client for VST2 over our VST2 header. The client keeps opcodes in variables of FST's
// enumeration. Those that FST does not know are in one of ours, so the client gets a type for both.
// It answers 0 to every state; the fault synth has its own answer.
#include <cstddef>
#include <cstdint>

#include "fault_core.h"

namespace Vst2 {
#include <pluginterfaces/vst2.x/aeffectx.h>
using AnyHostOpcode = int;
}  // namespace Vst2
#define AudioMasterOpcodesX AnyHostOpcode

#define VSTPluginMain client_main
#include <juce_audio_plugin_client/juce_audio_plugin_client_VST2.cpp>
#undef VSTPluginMain

namespace {

Vst2::AEffectDispatcherProc client_dispatcher = nullptr;

Vst2::VstIntPtr dispatch(Vst2::AEffect* effect, int opcode, int index, Vst2::VstIntPtr value,
                         void* data, float option) {
    const auto answer = client_dispatcher(effect, opcode, index, value, data, option);
    return opcode == Vst2::effSetChunk ? patchpipe::FaultCore::answer() : answer;
}

}  // namespace

extern "C" __attribute__((visibility("default"))) Vst2::AEffect* VSTPluginMain(
    Vst2::audioMasterCallback host) {
    auto* effect = client_main(host);
    if (!effect) return nullptr;
    client_dispatcher = effect->dispatcher;
    effect->dispatcher = dispatch;
    return effect;
}
