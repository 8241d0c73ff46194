// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// One build of the code with all that the audio thread needs to play it on the host's channels. A
// code with other channels than the host's is heard all the same: one channel goes to all, two come
// together in their mean, and of more the first ones count.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "reload/delay_line.h"
#include "reload/held_notes.h"
#include "render/processor.h"
#include "shell/slots.h"

namespace patchpipe {

struct PlayingSettings {
    int block_size;  ///< of the longest block
    int outputs;     ///< channels of the host
    int latency;     ///< of the code, in frames
    int delay;       ///< by how many frames it is heard later than that (reload/alignment.h)
};

class PlayingBuild {
 public:
    PlayingBuild(std::unique_ptr<Processor> processor, const SlotIndices& slots,
                 const PlayingSettings& settings);

    [[nodiscard]] Processor& processor() { return *processor_; }
    [[nodiscard]] const SlotIndices& slots() const { return slots_; }

    /// By how many frames it is late in all.
    [[nodiscard]] int latency_frames() const { return settings_.latency + settings_.delay; }
    /// From now on it is heard as early as it can; not on the audio thread.
    void drop_delay();

    /// Clears what sounds. Throws what the code throws.
    void clear();

    /// Messages before those of the first block.
    void set_first_events(std::vector<MidiBytes> messages) { first_ = std::move(messages); }

    /// The next frames for the host's output channels; the block has no audio and no parameters
    /// yet. news are the slots that have new values. Valid until the next call. Throws what the
    /// code throws.
    [[nodiscard]] const float* const* play(Block block, std::span<const float* const> inputs,
                                           std::span<const std::size_t> news,
                                           std::span<const SlotValue, slot_count> values);
    /// True if there were samples in it that are not numbers, for which play() gives silence: the
    /// code's state leads to them.
    [[nodiscard]] bool has_blown_up() const { return blown_up_; }
    /// In place of what play() gave: the inputs, as late as that.
    [[nodiscard]] const float* const* input() const { return late_input_; }

 private:
    [[nodiscard]] const float* const* through(std::span<const float* const> inputs);
    [[nodiscard]] const float* const* inputs_of(std::span<const float* const> inputs, int frames);
    [[nodiscard]] std::span<const BlockEvent> events_of(const Block& block);
    void take_outputs(const float* const* channels, int frames);
    void silence_non_finite(int frames);

    std::unique_ptr<Processor> processor_;
    SlotIndices slots_;
    PlayingSettings settings_;
    DelayLine output_delay_, input_delay_;
    std::vector<MidiBytes> first_;
    bool has_begun_ = false, blown_up_ = false;
    std::vector<BlockEvent> events_;
    std::vector<ParameterChange> changes_;
    std::vector<float> mean_, silence_;
    std::vector<const float*> inputs_;
    std::vector<std::vector<float>> outputs_;
    std::vector<const float*> pointers_, through_;
    const float* const* late_input_ = nullptr;
};

}  // namespace patchpipe
