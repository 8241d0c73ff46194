// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// JUCE includes this name beside aeffect.h; all of the interface is there.
#pragma once
#include "aeffect.h"
