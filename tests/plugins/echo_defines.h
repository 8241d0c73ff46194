// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Describes EchoEffect.vst3 to JUCE's plug-in client, as plugin_defines.h describes MacroSynth.
#pragma once

#include "plugin_defines.h"

#undef JucePlugin_Name
#undef JucePlugin_Desc
#undef JucePlugin_PluginCode
#undef JucePlugin_Vst3Category
#undef JucePlugin_IsSynth
#undef JucePlugin_WantsMidiInput

#define JucePlugin_Name "Patchpipe Echo"
#define JucePlugin_Desc "A VST3 effect for patchpipe's tests"
#define JucePlugin_PluginCode 0x4563686f  // 'Echo'
#define JucePlugin_Vst3Category "Fx|Delay"
#define JucePlugin_IsSynth 0
#define JucePlugin_WantsMidiInput 0
