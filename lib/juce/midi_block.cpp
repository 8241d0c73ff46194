// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "juce/midi_block.h"

#include <cstdint>
#include <stdexcept>
#include <type_traits>

namespace patchpipe {
namespace {

template <typename Number>
void append_number(juce::Array<juce::uint8>& data, std::type_identity_t<Number> number) {
    data.addArray(reinterpret_cast<const juce::uint8*>(&number), static_cast<int>(sizeof number));
}

}  // namespace

// The buffer is a row of messages, each preceded by its offset and its size. JUCE documents this
// only by making the row public; tests/lib/midi.bats reads the messages back through JUCE.
void append_events(std::span<const BlockEvent> events, juce::MidiBuffer& midi) {
    for (const auto& event : events) {
        if (event.bytes.size() > longest_block_event)
            throw std::logic_error("a MIDI message that no block can hold");
        append_number<std::int32_t>(midi.data, event.offset);
        append_number<std::uint16_t>(midi.data, static_cast<std::uint16_t>(event.bytes.size()));
        midi.data.addArray(event.bytes.data(), static_cast<int>(event.bytes.size()));
    }
}

}  // namespace patchpipe
