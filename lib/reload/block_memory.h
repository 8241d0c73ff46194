// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The memory through which a processor in another process gets a block and gives its audio
// (generation.h). The tool writes the block, asks the process to play it, and reads the answer when
// it has come: at no time do both use it. The plug-in may write anywhere in it, so the tool
// believes no number that it reads here but samples and meters.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/descriptor.h"
#include "file/mapped_memory.h"
#include "record/record.h"
#include "render/processor.h"

namespace patchpipe {

struct BlockSizes {
    int block_size, inputs, channels;
    std::size_t parameters;  ///< of the processor
    std::size_t meters;

    [[nodiscard]] static BlockSizes of(const Record& request);
    void set_in(Record& request) const;
};

class BlockMemory {
 public:
    /// What fits into one block.
    static constexpr EventRoom room{.events = 8192, .bytes = std::size_t{1} << 18};

    explicit BlockMemory(const BlockSizes& sizes);        ///< new; throws Error io
    BlockMemory(Descriptor fd, const BlockSizes& sizes);  ///< that of the tool; throws Error io

    [[nodiscard]] int fd() const { return fd_.get(); }

    /// The tool's side: what is to be played. Events that do not fit are left out; keep to room.
    void write(const Block& block);
    /// A pointer for each channel, and the values of the meters.
    [[nodiscard]] const float* const* outputs() const { return outputs_.data(); }
    [[nodiscard]] std::span<const float> meters() const { return meters_; }

    /// The other side: the block, valid until the next call. Its transport has only the frame.
    [[nodiscard]] Block read();
    void write_outputs(const float* const* channels, int frames);
    void write_meters(std::span<const float> values);

 private:
    struct Head;
    struct Event;
    struct Change;
    struct Layout;

    Descriptor fd_;
    BlockSizes sizes_;
    MappedMemory memory_;
    Head* head_;
    std::span<Event> events_;
    std::span<std::uint8_t> bytes_;
    std::span<Change> changes_;
    std::vector<float*> inputs_, outputs_;
    std::span<float> meters_;
    std::vector<BlockEvent> block_events_;
    std::vector<ParameterChange> block_changes_;
};

}  // namespace patchpipe
