// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a renderer sees of a plug-in: a thing that takes presets and events and gives frames. The
// interface exists so that the render loop knows no plug-in format, and can be tested without one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "midi/time_map.h"
#include "plugin/plugin_file.h"

namespace patchpipe {

struct PluginInfo {
    std::string name, vendor, version;
    std::string format;  ///< "VST2", "VST3" or "LV2"
    std::string id;      ///< VST2: "'amsy' (0x616d7379)"; VST3: the class id; LV2: the URI
    bool is_instrument = false;
    bool keeps_state = false;  ///< more than its parameters' values
    int inputs = 0;            ///< audio channels that it takes; they are silent
};

/// A parameter as the plug-in shows it.
struct Parameter {
    std::string id;  ///< VST2: its index; VST3: its number; LV2: its symbol
    std::string name, unit;
    double value = 0;  ///< normalised, 0 to 1
    std::string text;  ///< the value in words
};

/// Where the host's transport stands at the first frame of a block.
struct Transport {
    std::int64_t frame = 0;
    double seconds = 0;
    Position music;
    bool playing = false;
};

/// A MIDI message within a block.
struct BlockEvent {
    int offset;  ///< frames after the start of the block
    std::span<const std::uint8_t> bytes;
};

/// Bytes of the longest message: JUCE keeps the size in 16 bits.
inline constexpr std::size_t longest_block_event = 65535;

/// What a plug-in takes of MIDI messages in one block. What is beyond would be lost without a word.
struct EventRoom {
    std::size_t events = std::numeric_limits<std::size_t>::max();
    std::size_t bytes = std::numeric_limits<std::size_t>::max();  ///< with those around a message

    /// Takes the room of one message; false if there is too little.
    [[nodiscard]] bool take(std::size_t size) {
        constexpr std::size_t head = 16, unit = 8;  // as in a sequence of LV2
        const auto needed = head + (size + unit - 1) / unit * unit;
        if (events == 0 || size > longest_block_event || needed > bytes) return false;
        --events;
        bytes -= needed;
        return true;
    }
};

class Instrument {
 public:
    virtual ~Instrument() = default;

    [[nodiscard]] virtual const PluginInfo& info() const = 0;
    [[nodiscard]] virtual int channels() const = 0;
    /// As the plug-in reports it now; a preset may change it.
    [[nodiscard]] virtual int latency_frames() const = 0;
    /// True if of several controller, bend or pressure messages in a block only one would count:
    /// each then has to begin a block of its own.
    [[nodiscard]] virtual bool one_controller_a_block() const = 0;
    [[nodiscard]] virtual EventRoom event_room() const { return {}; }

    /// Loads the bytes of a preset file of this format ("fxp", "serum2", "vstpreset"). path is for
    /// messages. Throws Error unsupported, corrupt, wrong-plugin or preset-rejected.
    virtual void load_preset(std::string_view format, const std::string& path,
                             std::string_view bytes) = 0;
    /// What the plug-in says of its present sound: its state, or its parameters if it keeps none.
    [[nodiscard]] virtual std::string state() = 0;

    /// Loads a state that a host (or serum-unwrap) saved: an fxp or an fxb with a state for a VST2,
    /// JUCE's envelope for a VST3, Turtle for an LV2. path is for messages. Throws as
    /// load_preset().
    virtual void load_state(const std::string& path, std::string_view bytes) = 0;

    /// The current sound as bytes that load_saved() takes.
    [[nodiscard]] virtual std::string save() = 0;
    virtual void load_saved(std::string_view bytes) = 0;
    /// Moves every parameter a little, so that the sound is another.
    virtual void move_parameters() {}

    /// Lets what a preset load left to messages, to the plug-in's own threads and to the next
    /// blocks happen, then clears voices, delays and the like.
    virtual void settle() = 0;
    /// True if settle() ever gave up waiting for a thread of the plug-in: what that thread does may
    /// then be heard sooner or later.
    [[nodiscard]] virtual bool is_restless() const { return false; }

    /// Renders a block of at most the prepared size. The channels stay valid until the next call.
    virtual const float* const* process(int frames, std::span<const BlockEvent> events,
                                        const Transport& transport) = 0;

    [[nodiscard]] virtual std::vector<Parameter> parameters() const { return {}; }

    [[nodiscard]] virtual int program_count() const = 0;
    [[nodiscard]] virtual std::string program_name(int program) const = 0;
    virtual void select_program(int program) = 0;
    /// The current sound as a preset file of the plug-in's own format, which preset_suffix() names
    /// (".fxp", ".vstpreset"). Throws Error unsupported if there is none.
    [[nodiscard]] virtual std::string save_preset(const std::string& name) = 0;
    [[nodiscard]] virtual std::string preset_suffix() const = 0;
};

/// Opens, prepares for offline rendering, and warms up. JUCE must be started (juce_runtime.h).
/// Throws Error plugin-load with the reason.
[[nodiscard]] std::unique_ptr<Instrument> open_instrument(const PluginFile& file, int sample_rate,
                                                          int block_size);

}  // namespace patchpipe
