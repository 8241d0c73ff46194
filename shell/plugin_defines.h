// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Describes the two plug-ins to JUCE's clients, which are compiled for each of them: with
// PATCHPIPE_SHELL_EFFECT=0 the instrument, with 1 the effect. A build with CMake would generate
// this.
#pragma once

#define JucePlugin_Build_VST 0
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

#define JucePlugin_Manufacturer "patchpipe"
#define JucePlugin_ManufacturerWebsite ""
#define JucePlugin_ManufacturerEmail ""
#define JucePlugin_ManufacturerCode 0x50706174  // 'Ppat'
#define JucePlugin_Desc "Plays a .dsp or a logic library, and loads it anew when it is built anew"

// Hosts keep these numbers and URIs in their projects: they never change.
#if PATCHPIPE_SHELL_EFFECT
#define JucePlugin_Name "Patchpipe Shell Effect"
#define JucePlugin_PluginCode 0x53686c45  // 'ShlE'
#define JucePlugin_LV2URI "urn:patchpipe:shell-effect"
#define JucePlugin_Vst3Category "Fx"
#define JucePlugin_IsSynth 0
#else
#define JucePlugin_Name "Patchpipe Shell"
#define JucePlugin_PluginCode 0x53686c49  // 'ShlI'
#define JucePlugin_LV2URI "urn:patchpipe:shell"
#define JucePlugin_Vst3Category "Instrument|Synth"
#define JucePlugin_IsSynth 1
#endif
#define JucePlugin_VSTUniqueID JucePlugin_PluginCode

#define JucePlugin_Version PATCHPIPE_SHELL_VERSION
#define JucePlugin_VersionString PATCHPIPE_SHELL_VERSION
#define JucePlugin_VersionCode PATCHPIPE_SHELL_VERSION_CODE

#define JucePlugin_IsMidiEffect 0
#define JucePlugin_WantsMidiInput 1
#define JucePlugin_ProducesMidiOutput 0
#define JucePlugin_EditorRequiresKeyboardFocus 0
#define JucePlugin_SilenceInProducesSilenceOut 0

// Its states are its own, not banks of a VST2 plug-in with a header of their own.
#define JUCE_VST3_CAN_REPLACE_VST2 0
