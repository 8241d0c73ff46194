// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A generation as it plays beside others: it gets events for the parameters that it has, hears
// first what is held, and is delayed until it is as late as the others.
#pragma once

#include <map>
#include <memory>
#include <vector>

#include "reload/delay_line.h"
#include "reload/generation.h"
#include "reload/held_notes.h"
#include "reload/parameter_places.h"
#include "render/processor.h"

namespace patchpipe {

/// Normalised values of parameters, by their places (parameter_places.h).
using PlacedValues = std::map<std::size_t, double>;

class Lane {
 public:
    /// delay: by how many frames it is later than its generation.
    Lane(std::unique_ptr<Generation> generation, OwnIndices indices, int block_size, int delay);

    [[nodiscard]] const Generation& generation() const { return *generation_; }
    [[nodiscard]] Generation& generation() { return *generation_; }
    [[nodiscard]] std::unique_ptr<Generation> release() { return std::move(generation_); }
    /// Of a parameter with that place; nothing if the generation has none.
    [[nodiscard]] std::optional<std::size_t> index_of(std::size_t place) const {
        return own_index(indices_, place);
    }

    /// True if there were samples in the last block that are not numbers: its state leads to them.
    [[nodiscard]] bool has_blown_up() const { return blown_up_; }

    /// Before the events of the next block it gets these.
    void hear_first(std::vector<MidiBytes> messages) { first_events_ = std::move(messages); }
    /// At the begin of the next block it gets these; those of the block count more.
    void set_first(PlacedValues values) { first_values_ = std::move(values); }

    /// It plays no more for now, while these notes are held.
    void wait(const HeldNotes& held) { releases_ = held.releases(); }
    /// It plays again, and these are held and set.
    void resume(const HeldNotes& held, PlacedValues values);

    /// Plays a block whose parameters have their places. Valid until the next one. Throws as
    /// Generation::process() does.
    [[nodiscard]] const float* const* play(const Block& block);

 private:
    [[nodiscard]] std::vector<BlockEvent> events_for(const Block& block) const;
    [[nodiscard]] std::vector<ParameterChange> changes_for(const Block& block) const;

    std::unique_ptr<Generation> generation_;
    OwnIndices indices_;
    DelayLine delay_;
    std::vector<MidiBytes> first_events_, releases_;
    PlacedValues first_values_;
    bool blown_up_ = false;
};

}  // namespace patchpipe
