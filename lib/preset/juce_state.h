// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The envelope in which a JUCE host keeps a VST3 plug-in's state: AudioProcessor's XML in binary,
// with the two states of the plug-in in MemoryBlock's base64. Written without JUCE, so that tools
// that open no plug-in do not link it.
//
//   4  "VC2!"
//   4  u32, little-endian: length of the XML
//   n  <VST3PluginState><IComponent>...</IComponent><IEditController>...</IEditController>
//      </VST3PluginState>, the second part optional
//   1  NUL
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace patchpipe {

struct JuceState {
    std::string component;                  // IComponent's state: the sound
    std::optional<std::string> controller;  // IEditController's state: the display
};

inline constexpr std::string_view juce_state_magic = "VC2!";

/// True if the bytes begin as an envelope does, whatever follows.
[[nodiscard]] constexpr bool is_juce_state(std::string_view bytes) {
    return bytes.starts_with(juce_state_magic);
}

/// name is for messages. Throws Error corrupt.
[[nodiscard]] JuceState parse_juce_state(std::string_view bytes, std::string_view name);

/// The bytes that JUCE itself would write.
[[nodiscard]] std::string build_juce_state(const JuceState& state);

/// JUCE's own base64: the number of bytes in decimal, a '.', and then 6 bits a character, the least
/// significant first, in the alphabet .A-Za-z0-9+ ('.' is 0 and no padding).
[[nodiscard]] std::string to_juce_base64(std::string_view bytes);

/// Returns nothing if the text is not such base64, or if its count does not match its characters.
[[nodiscard]] std::optional<std::string> from_juce_base64(std::string_view text);

}  // namespace patchpipe
