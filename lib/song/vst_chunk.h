// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The bytes that REAPER stores in a <VST block, and the state in them as a file that other programs
// read: .fxb or .fxp for VST2, JUCE's envelope for VST3. patchpipe-song(5) has the layout.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace patchpipe {

struct VstChunk {
    std::uint32_t id = 0;  ///< a VST2's unique id; of a VST3, REAPER's hash of it
    bool vst3 = false;
    bool parameters = false;                     ///< VST2: the body is a list of parameters
    std::vector<std::uint64_t> inputs, outputs;  ///< the channels of each pin, as bits
    std::uint32_t version = 1, flags = 0;        ///< the two words behind the body's length
    std::string body;
    std::string trailer;  ///< from the program's name on

    /// The name of the program, from the trailer.
    [[nodiscard]] std::string_view program() const;
};

/// Takes the bytes of all lines of a block. Returns nothing if they are not such a chunk.
[[nodiscard]] std::optional<VstChunk> parse_vst_chunk(std::string_view bytes, bool vst3);

/// The three parts that REAPER encodes each by itself: head, body, trailer.
struct VstChunkParts {
    std::string head, body, trailer;
};
[[nodiscard]] VstChunkParts build_vst_chunk(const VstChunk& chunk);

/// A state in its container, and the suffix of such a file.
struct ContainedState {
    std::string bytes;
    std::string_view suffix;
};

/// Returns nothing if the body is not what a plug-in of the kind has.
[[nodiscard]] std::optional<ContainedState> contained_state(const VstChunk& chunk);

/// Sets the body of the chunk, and for a VST2 its id, from the bytes of a container: .fxp, .fxb,
/// JUCE's envelope or .vstpreset. name is for messages. Throws Error corrupt or unsupported.
void set_contained_state(VstChunk& chunk, std::string_view bytes, std::string_view name);

}  // namespace patchpipe
