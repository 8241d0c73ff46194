// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The audio of a block on its way to a logic library and back, in the library's type of samples.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "logic/logic.h"

namespace patchpipe {

/// Sample is the library's, float or double.
template <typename Sample>
class BlockSamples {
 public:
    /// Room for that many channels of blocks of up to `block_size` frames.
    BlockSamples(std::size_t inputs, std::size_t outputs, std::size_t block_size)
        : in_(inputs, std::vector<Sample>(block_size)),
          out_(outputs, std::vector<Sample>(block_size)) {
        for (auto& channel : in_) inputs_.push_back(channel.data());
        for (auto& channel : out_) outputs_.push_back(channel.data());
    }

    /// Takes the inputs of a Block (render/processor.h), and has the other block point to them and
    /// to room for the outputs.
    void give(const float* const* audio, std::size_t frames, patchpipe_block& block) {
        for (std::size_t i = 0; i < in_.size(); ++i) {
            const float* const from = audio ? audio[i] : nullptr;
            for (std::size_t k = 0; k < frames; ++k) in_[i][k] = from ? Sample{from[k]} : 0;
        }
        // Pointers to double look like pointers to float in our header, which is compiled once.
        block.inputs = reinterpret_cast<const patchpipe_sample* const*>(inputs_.data());
        block.outputs = reinterpret_cast<patchpipe_sample* const*>(outputs_.data());
    }

    /// Copies what the library wrote.
    void take(std::size_t frames, std::span<float* const> outputs) const {
        for (std::size_t i = 0; i < outputs.size(); ++i)
            for (std::size_t k = 0; k < frames; ++k) outputs[i][k] = static_cast<float>(out_[i][k]);
    }

 private:
    std::vector<std::vector<Sample>> in_, out_;
    std::vector<const Sample*> inputs_;
    std::vector<Sample*> outputs_;
};

}  // namespace patchpipe
