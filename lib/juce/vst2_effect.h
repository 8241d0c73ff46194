// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Presets of VST2 plug-ins, loaded and saved through the plug-in's own calls, because JUCE compares
// no plug-in id and drops their results.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "render/patch.h"

struct AEffect;

namespace patchpipe {

/// The name that the plug-in gives itself; empty if it gives none.
[[nodiscard]] std::string effect_name(AEffect& effect);

/// Its unique id as in records: "amsy" (plugin_id_text() in fxp.h).
[[nodiscard]] std::string effect_id(const AEffect& effect);

/// True if it gives its state as a whole, false if its parameters are all of it.
[[nodiscard]] bool keeps_state(const AEffect& effect);

/// Loads an fxp, state or parameters. path and plugin_name are for messages. Throws Error corrupt,
/// unsupported (a bank), wrong-plugin (another fxID) or preset-rejected.
void load_fxp(AEffect& effect, std::string_view bytes, const std::string& path,
              const std::string& plugin_name);

/// The same for a state that a host saved: an fxp, or an fxb with the state of the whole plug-in.
void load_fx_state(AEffect& effect, std::string_view bytes, const std::string& path,
                   const std::string& plugin_name);

/// Loads the bytes of effGetChunk. Throws Error unsupported if the plug-in has one state for a
/// program and another for all of them, and which is any; and as load_fxp().
void load_raw_state(AEffect& effect, std::string_view bytes, const std::string& path,
                    const std::string& plugin_name, RawState which);

/// The latency at this moment, in frames. JUCE keeps an old number until the plug-in sends a
/// message.
[[nodiscard]] int effect_latency(const AEffect& effect);

/// The value of a parameter, 0 to 1, after the plug-in has set it to a text by its own conversion;
/// nothing if it has none for it.
[[nodiscard]] std::optional<float> text_to_parameter(AEffect& effect, int index,
                                                     const std::string& text);

/// The current program's state if the plug-in keeps any, else its parameters as bytes.
[[nodiscard]] std::string effect_state(AEffect& effect);

/// The current program as an fxp of that program name: its state if the plug-in has any, else its
/// parameters.
[[nodiscard]] std::string save_fxp(AEffect& effect, const std::string& name);

}  // namespace patchpipe
