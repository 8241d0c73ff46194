// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// JUCE's client for LV2 includes this name, which a build with CMake would generate; the URI is in
// plugin_defines.h.
#pragma once
