// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The VST2 interface under the name JUCE includes it by: Debian's fst-dev, with what FST has not
// discovered, or declares too small, put right here. FST's own declaration of such a name is
// renamed out of the way while its header is read.
//
// Numbers: the other public reverse-engineered headers (vestige and its descendants) agree on all
// of them. FST gives its unknowns numbers above 100,000, which a plug-in never sends.
#pragma once

// clang-format off
#define PATCHPIPE_VST2_HOST_OPCODES(X) \
    X(Idle, 3) X(PinConnected, 4) X(SetTime, 9) X(GetNumAutomatableParameters, 11) \
    X(GetParameterQuantization, 12) X(IOChanged, 13) X(NeedIdle, 14) X(GetInputLatency, 18) \
    X(GetOutputLatency, 19) X(GetPreviousPlug, 20) X(GetNextPlug, 21) \
    X(WillReplaceOrAccumulate, 22) X(GetAutomationState, 24) X(OfflineStart, 25) \
    X(OfflineRead, 26) X(OfflineWrite, 27) X(OfflineGetCurrentPass, 28) \
    X(OfflineGetCurrentMetaPass, 29) X(SetOutputSampleRate, 30) \
    X(GetOutputSpeakerArrangement, 31) X(VendorSpecific, 35) X(SetIcon, 36) X(GetLanguage, 38) \
    X(OpenWindow, 39) X(CloseWindow, 40) X(GetDirectory, 41) X(UpdateDisplay, 42)

#define PATCHPIPE_VST2_EFFECT_OPCODES(X) \
    X(EditTop, 20) X(ConnectInput, 31) X(ConnectOutput, 32) X(SetBypass, 44) X(GetTailSize, 52) \
    X(Idle, 53) X(KeysRequired, 57) X(BeginSetProgram, 67) X(EndSetProgram, 68)

#define audioMasterIdle fstUnknownHostIdle
#define audioMasterPinConnected fstUnknownPinConnected
#define audioMasterSetTime fstUnknownSetTime
#define audioMasterGetNumAutomatableParameters fstUnknownGetNumAutomatableParameters
#define audioMasterGetParameterQuantization fstUnknownGetParameterQuantization
#define audioMasterIOChanged fstUnknownIOChanged
#define audioMasterNeedIdle fstUnknownNeedIdle
#define audioMasterGetInputLatency fstUnknownGetInputLatency
#define audioMasterGetOutputLatency fstUnknownGetOutputLatency
#define audioMasterGetPreviousPlug fstUnknownGetPreviousPlug
#define audioMasterGetNextPlug fstUnknownGetNextPlug
#define audioMasterWillReplaceOrAccumulate fstUnknownWillReplaceOrAccumulate
#define audioMasterGetAutomationState fstUnknownGetAutomationState
#define audioMasterOfflineStart fstUnknownOfflineStart
#define audioMasterOfflineRead fstUnknownOfflineRead
#define audioMasterOfflineWrite fstUnknownOfflineWrite
#define audioMasterOfflineGetCurrentPass fstUnknownOfflineGetCurrentPass
#define audioMasterOfflineGetCurrentMetaPass fstUnknownOfflineGetCurrentMetaPass
#define audioMasterSetOutputSampleRate fstUnknownSetOutputSampleRate
#define audioMasterGetOutputSpeakerArrangement fstUnknownGetOutputSpeakerArrangement
#define audioMasterVendorSpecific fstUnknownHostVendorSpecific
#define audioMasterSetIcon fstUnknownSetIcon
#define audioMasterGetLanguage fstUnknownGetLanguage
#define audioMasterOpenWindow fstUnknownOpenWindow
#define audioMasterCloseWindow fstUnknownCloseWindow
#define audioMasterGetDirectory fstUnknownGetDirectory
#define audioMasterUpdateDisplay fstUnknownUpdateDisplay
#define effEditTop fstUnknownEditTop
#define effConnectInput fstUnknownConnectInput
#define effConnectOutput fstUnknownConnectOutput
#define effSetBypass fstUnknownSetBypass
#define effGetTailSize fstUnknownGetTailSize
#define effIdle fstUnknownEffectIdle
#define effKeysRequired fstUnknownKeysRequired
#define effBeginSetProgram fstUnknownBeginSetProgram
#define effEndSetProgram fstUnknownEndSetProgram
#define kVstAutomationReading fstUnknownAutomationReading
#define kVstAutomationWriting fstUnknownAutomationWriting
#define kVstPinUseSpeaker fstUnknownPinUseSpeaker
#define kVstPinIsStereo fstUnknownPinIsStereo
#define VstSpeakerArrangement FstFlexibleSpeakerArrangement
#define VstPinProperties FstShortPinProperties

#include <pluginterfaces/fst/aeffect.h>

#undef audioMasterIdle
#undef audioMasterPinConnected
#undef audioMasterSetTime
#undef audioMasterGetNumAutomatableParameters
#undef audioMasterGetParameterQuantization
#undef audioMasterIOChanged
#undef audioMasterNeedIdle
#undef audioMasterGetInputLatency
#undef audioMasterGetOutputLatency
#undef audioMasterGetPreviousPlug
#undef audioMasterGetNextPlug
#undef audioMasterWillReplaceOrAccumulate
#undef audioMasterGetAutomationState
#undef audioMasterOfflineStart
#undef audioMasterOfflineRead
#undef audioMasterOfflineWrite
#undef audioMasterOfflineGetCurrentPass
#undef audioMasterOfflineGetCurrentMetaPass
#undef audioMasterSetOutputSampleRate
#undef audioMasterGetOutputSpeakerArrangement
#undef audioMasterVendorSpecific
#undef audioMasterSetIcon
#undef audioMasterGetLanguage
#undef audioMasterOpenWindow
#undef audioMasterCloseWindow
#undef audioMasterGetDirectory
#undef audioMasterUpdateDisplay
#undef effEditTop
#undef effConnectInput
#undef effConnectOutput
#undef effSetBypass
#undef effGetTailSize
#undef effIdle
#undef effKeysRequired
#undef effBeginSetProgram
#undef effEndSetProgram
#undef kVstAutomationReading
#undef kVstAutomationWriting
#undef kVstPinUseSpeaker
#undef kVstPinIsStereo
#undef VstSpeakerArrangement
#undef VstPinProperties

#define PATCHPIPE_HOST_OPCODE(name, number) audioMaster##name = number,
#define PATCHPIPE_EFFECT_OPCODE(name, number) eff##name = number,
enum { PATCHPIPE_VST2_HOST_OPCODES(PATCHPIPE_HOST_OPCODE) };
enum { PATCHPIPE_VST2_EFFECT_OPCODES(PATCHPIPE_EFFECT_OPCODE) };
#undef PATCHPIPE_HOST_OPCODE
#undef PATCHPIPE_EFFECT_OPCODE
#undef PATCHPIPE_VST2_HOST_OPCODES
#undef PATCHPIPE_VST2_EFFECT_OPCODES
// clang-format on

enum { kVstAutomationWriting = 1 << 6, kVstAutomationReading = 1 << 7 };
enum { kVstPinIsStereo = 1 << 1, kVstPinUseSpeaker = 1 << 2 };

// JUCE allocates sizeof this plus room for the speakers beyond the eighth; with FST's flexible
// array a plug-in that fills in two speakers writes past the end of the heap block.
struct VstSpeakerArrangement {
    int type;
    int numChannels;
    t_fstSpeakerProperties speakers[8];
};

// A plug-in may clear all 128 bytes that the interface gives it; FST declares 80.
struct VstPinProperties {
    char label[64];
    int flags;
    int arrangementType;
    char shortLabel[8];
    char future[48];
};

static_assert(sizeof(VstPinProperties) == 128);
