// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the render loop sees of a thing that makes sound: events and audio go in, frames come out.
// What only some of them have, presets (patch.h), programs (programs.h) and meters (meters.h), are
// facets that the others leave out. Not here: how one is found and opened (plugin/opener.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "record/record.h"
#include "render/timeline.h"

namespace patchpipe {

class Chain;
class Meters;
class Patch;
class Programs;

/// The inputs that an effect listens to beside what goes through it: a compressor follows the kick
/// that ducks the bass.
struct SideChain {
    int channels = 0;  ///< 0: it has none
    /// The first of them, counted over all inputs. VST3s and LV2s name a bus of their own for it,
    /// behind the main one; of a plug-in with a single bus, as VST2 has it, these are the inputs
    /// beyond its outputs, which without a side chain are inputs like the others.
    int first = 0;
};

/// A bus of a plug-in, as plugin-probe shows it.
struct AudioBus {
    std::string name;
    int channels;  ///< when it is open
    bool is_input, is_main;
};

struct ProcessorInfo {
    std::string name, vendor, version;
    std::string kind;  ///< of its Opener: "VST2", "VST3", "LV2"
    std::string id;    ///< VST2: "'amsy' (0x616d7379)"; VST3: the class id; LV2: the URI
    bool is_instrument = false;
    int inputs = 0;  ///< audio channels that it takes, without those of auxiliary buses
    SideChain side_chain = {};
};

/// A MIDI message within a block.
struct BlockEvent {
    int offset;  ///< frames after the start of the block
    std::span<const std::uint8_t> bytes;
};

/// Bytes of the longest message: JUCE keeps the size in 16 bits.
inline constexpr std::size_t longest_block_event = 65535;

/// How many MIDI messages a processor takes in one block. It would drop more than that silently.
struct EventRoom {
    std::size_t events = std::numeric_limits<std::size_t>::max();
    std::size_t bytes = std::numeric_limits<std::size_t>::max();  ///< with each message's header

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

/// A value that a parameter has from the first frame of a block on.
struct ParameterChange {
    std::size_t parameter;  ///< its index, as Patch counts them
    double value;           ///< normalised, 0 to 1
};

/// What a processor gets for one block.
struct Block {
    int frames;                               ///< at least 1, at most the prepared block size
    std::span<const BlockEvent> events = {};  ///< in the order of their offsets
    std::span<const ParameterChange> parameters = {};
    Transport transport = {};
    const Timeline* timeline = nullptr;  ///< the transport at any frame; null while it is stopped
    /// A pointer for each of the processor's input channels, to `frames` samples; null is silence.
    const float* const* audio = nullptr;
    /// The same for the channels of the side chain; null as a whole leaves inputs that it shares
    /// be.
    const float* const* side_chain = nullptr;
    /// Let denormal numbers be, with which processors are slow; hosts make them 0.
    bool keep_denormals = false;
};

/// What a processor is prepared for.
struct BlockSettings {
    int sample_rate;
    int block_size;     ///< frames of the longest block; the last one, and one before a split, is
                        ///< shorter
    bool live = false;  ///< somebody waits for the audio
    bool all_outputs = false;  ///< give those of all buses, the main one's first
    bool side_chain = false;   ///< open the buses for one, which a plug-in may have closed at first

    bool operator==(const BlockSettings&) const = default;
};

class Processor {
 public:
    virtual ~Processor() = default;

    [[nodiscard]] virtual const ProcessorInfo& info() const = 0;
    /// Audio channels that process() gives.
    [[nodiscard]] virtual int channels() const = 0;
    /// Empty if its kind has none but the main ones.
    [[nodiscard]] virtual std::vector<AudioBus> buses() const { return {}; }
    /// As the processor reports it now; a preset may change it.
    [[nodiscard]] virtual int latency_frames() const = 0;
    /// True if only the last of several controller, bend or pressure messages in a block would
    /// count: each then has to begin a block of its own.
    [[nodiscard]] virtual bool one_controller_a_block() const { return false; }
    [[nodiscard]] virtual EventRoom event_room() const { return {}; }

    /// Finishes what a preset load left to messages, to the processor's own threads and to the next
    /// blocks, then clears voices, delays and the like.
    virtual void settle() = 0;
    /// True if settle() ever gave up waiting for a thread of the processor. The audio may then
    /// depend on when that thread finishes its work.
    [[nodiscard]] virtual bool is_restless() const { return false; }

    /// Renders a block. The channels stay valid until the next call.
    virtual const float* const* process(const Block& block) = 0;

    /// The samples that process() gave last as they were before they were made float. Null if it
    /// computes in float.
    [[nodiscard]] virtual const double* const* wide_samples() const { return nullptr; }

    /// What would make it faster to open it again, if it had to be made now: for the tool to keep,
    /// since the process with a plug-in in it may not write. Empty if there is nothing to keep.
    [[nodiscard]] virtual std::string code_to_keep() { return ""; }

    /// What its kind alone has to say of itself, as fields of a record (job/result_fields.h).
    [[nodiscard]] virtual Record details() { return Record("{}"); }

    /// Another one of the same build, prepared for other blocks, whatever has become of its files
    /// meanwhile. Null if it has to be opened from them. Throws Error.
    [[nodiscard]] virtual std::unique_ptr<Processor> another(const BlockSettings& /*settings*/) {
        return nullptr;
    }

    /// Null if it has no presets, state or parameters.
    [[nodiscard]] virtual Patch* patch() { return nullptr; }
    /// Null if it is not several processors in a row (chain.h).
    [[nodiscard]] virtual Chain* chain() { return nullptr; }
    /// Null if it has no programs of its own.
    [[nodiscard]] virtual Programs* programs() { return nullptr; }
    /// Null if its kind shows no values while it plays.
    [[nodiscard]] virtual Meters* meters() { return nullptr; }
};

}  // namespace patchpipe
