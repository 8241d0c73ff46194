// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Describes the fault synth to JUCE's three plug-in clients, which are all in one binary;
// plugin_defines.h does so for MacroSynth.vst3.
#pragma once

#define JucePlugin_Build_VST 1
#define JucePlugin_Build_VST3 1
#define JucePlugin_Build_LV2 1
#define JucePlugin_Build_AU 0
#define JucePlugin_Build_AUv3 0
#define JucePlugin_Build_RTAS 0
#define JucePlugin_Build_AAX 0
#define JucePlugin_Build_Standalone 0
#define JucePlugin_Build_Unity 0
#define JucePlugin_Enable_IAA 0
#define JucePlugin_Enable_ARA 0

#define JucePlugin_Name "Patchpipe Fault Synth"
#define JucePlugin_Desc "An instrument that misbehaves, for patchpipe's tests"
#define JucePlugin_Manufacturer "patchpipe"
#define JucePlugin_ManufacturerWebsite ""
#define JucePlugin_ManufacturerEmail ""
#define JucePlugin_ManufacturerCode 0x50706174  // 'Ppat'
#define JucePlugin_PluginCode 0x5070466c        // 'PpFl'
#define JucePlugin_Version 1.0.0
#define JucePlugin_VersionCode 0x10000
#define JucePlugin_VersionString "1.0.0"
#define JucePlugin_VSTUniqueID JucePlugin_PluginCode
#define JucePlugin_VSTCategory kPlugCategSynth
#define JucePlugin_Vst3Category "Instrument|Synth"

#define JucePlugin_IsSynth 1
#define JucePlugin_IsMidiEffect 0
#define JucePlugin_WantsMidiInput 1
#define JucePlugin_ProducesMidiOutput 0
#define JucePlugin_EditorRequiresKeyboardFocus 0
#define JucePlugin_SilenceInProducesSilenceOut 0

#define JUCE_VST3_CAN_REPLACE_VST2 0
