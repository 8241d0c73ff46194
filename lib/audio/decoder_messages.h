// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the tool (decoder.h) and the process that decodes audio for it (decoder_server.h) say to
// each other, and the memory that they share. A message is one of these structures; that which
// opens a file comes with its descriptor. Only for lib/audio.
#pragma once

#include <sndfile.h>
#include <array>
#include <cstddef>
#include <cstdint>

#include "base/error.h"

namespace patchpipe {

/// How many files are open in a process at a time. Each has a slot.
inline constexpr int decoder_slots = 256;

enum class DecoderVerb : int {
    open,   ///< the file in that slot, and its first block
    read,   ///< a block that has the frame
    count,  ///< the frames of all the file
    close,  ///< is not answered
};

struct DecoderRequest {
    DecoderVerb verb;
    int slot;
    std::int64_t frame;
};

enum class DecoderAnswer : int {
    done,
    working,  ///< another answer follows
    failed,   ///< for the reason in the text
};

/// Frames in one of a slot's two halves.
struct DecodedBlock {
    std::int64_t begin = 0;  ///< the first one's place in the file
    int frames = 0, half = 0;
    bool last = false;  ///< the file ends with it

    [[nodiscard]] bool has(std::int64_t frame) const {
        return frame >= begin && frame - begin < frames;
    }
};

struct DecoderReply {
    DecoderAnswer answer = DecoderAnswer::done;
    ErrorKind error = ErrorKind::io;
    SF_INFO info = {};             ///< of a file that was opened
    std::int64_t all_frames = -1;  ///< of the file; -1: known only when they are counted
    DecodedBlock block = {};
    int text_size = 0;
    std::array<char, 1000> text = {};
};

/// The bytes of a reply with so long a text.
constexpr std::size_t reply_size(int text_size) {
    return offsetof(DecoderReply, text) + static_cast<std::size_t>(text_size);
}

/// Shared memory, which the process that decodes writes and the tool reads.
struct DecoderArea {
    struct alignas(double) Half {
        std::array<std::byte, std::size_t{128} << 10> bytes;
    };
    struct Slot {
        std::array<Half, 2> halves;
    };

    alignas(4096) std::array<Slot, decoder_slots> slots;

    /// The frames of a full block.
    static constexpr int block_frames(int channels, bool wide) {
        return static_cast<int>(sizeof(Half) / (wide ? sizeof(double) : sizeof(float))) / channels;
    }
};

/// Whether a file of that format is passed on in double precision: not every sample fits into a
/// float.
[[nodiscard]] bool needs_doubles(int format);

/// AudioReader's limit, and libsndfile's.
inline constexpr int most_decoded_channels = 1024;

}  // namespace patchpipe
