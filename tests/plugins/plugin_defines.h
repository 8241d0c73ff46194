// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Describes MacroSynth.vst3 to JUCE's plug-in client; the compiler includes it before everything
// else. A build with the Projucer or CMake would generate this.
#pragma once

#define JucePlugin_Build_VST 0
#define JucePlugin_Build_VST3 1
#define JucePlugin_Build_AU 0
#define JucePlugin_Build_AUv3 0
#define JucePlugin_Build_RTAS 0
#define JucePlugin_Build_AAX 0
#define JucePlugin_Build_LV2 0
#define JucePlugin_Build_Standalone 0
#define JucePlugin_Build_Unity 0
#define JucePlugin_Enable_IAA 0
#define JucePlugin_Enable_ARA 0

#define JucePlugin_Name "Patchpipe Macro Synth"
#define JucePlugin_Desc "A VST3 instrument for patchpipe's tests"
#define JucePlugin_Manufacturer "patchpipe"
#define JucePlugin_ManufacturerWebsite ""
#define JucePlugin_ManufacturerEmail ""
#define JucePlugin_ManufacturerCode 0x50706174  // 'Ppat'
#define JucePlugin_PluginCode 0x4d616372        // 'Macr'
#define JucePlugin_VSTUniqueID JucePlugin_PluginCode
#define JucePlugin_Version 1.0.0
#define JucePlugin_VersionCode 0x10000
#define JucePlugin_VersionString "1.0.0"
#define JucePlugin_Vst3Category "Instrument|Synth"

#define JucePlugin_IsSynth 1
#define JucePlugin_IsMidiEffect 0
#define JucePlugin_WantsMidiInput 1
#define JucePlugin_ProducesMidiOutput 0
#define JucePlugin_EditorRequiresKeyboardFocus 0
#define JucePlugin_SilenceInProducesSilenceOut 0

// Its states are its own, not banks of a VST2 plug-in with a header of their own.
#define JUCE_VST3_CAN_REPLACE_VST2 0
