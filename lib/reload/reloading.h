// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A processor that goes from one build of a plug-in to the next while it plays.
//
// At the begin of a block the generation that plays hands over its sound, the next one takes it
// over, and hears the controllers and notes that are held. From there on both get the same events
// and audio, until the old one has faded into the new one. The latency of the whole is that of the
// first generation: another one with less is delayed, so that both are heard in time while they
// fade; one with more is later, which is told.
//
// A generation that crashes or hangs is replaced in the same block: while it is new by the one that
// still plays beside it, later by the last one before it, which waits. Where there is none the
// block is silence, until the next build comes.
//
// Not here: when a build is opened, and from where (play/reloader.h).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "reload/alignment.h"
#include "reload/comparison.h"
#include "reload/crossfade.h"
#include "reload/held_notes.h"
#include "reload/lane.h"
#include "reload/news.h"
#include "reload/offers.h"
#include "reload/parameter_places.h"
#include "reload/reload_records.h"
#include "render/processor.h"

namespace patchpipe {

struct ReloadingSettings {
    int sample_rate, block_size;
    int fade_frames;  ///< 0: from one frame to the next
    /// The frames of the reloads of a script, in order; a block begins at each of them. The playing
    /// waits there for its build. Nothing: a build plays as soon as it is offered.
    std::optional<std::vector<std::int64_t>> script = {};
    std::optional<std::int64_t> meter_frames = {};  ///< between two records of the meters
};

class Reloading : public Processor {
 public:
    /// news must outlive this.
    Reloading(std::unique_ptr<Generation> first, ReloadingSettings settings, News& news);

    /// Lets another build play the same beside it, to compare with; before the first block.
    void compare_with(std::unique_ptr<Generation> old);

    /// The next generations, and those that play no more.
    [[nodiscard]] Offers& offers() { return offers_; }

    /// Why this build cannot follow those before it, from any thread; nothing if it can.
    [[nodiscard]] std::optional<std::string> complaint(const Generation& next) const;

    /// All parameters that any generation had, from any thread. A parameter keeps its place.
    [[nodiscard]] std::vector<ParameterName> parameters() const { return places_.all(); }
    /// The value of one that is given as text, between two blocks. Throws Error bad-record.
    [[nodiscard]] double value_of(std::size_t place, const std::string& text);

    /// Clears what sounds in all builds that play, between two blocks.
    void reset();

    const ProcessorInfo& info() const override { return info_; }
    int channels() const override { return channels_; }
    int latency_frames() const override { return alignment_.latency; }
    bool one_controller_a_block() const override { return one_controller_; }
    EventRoom event_room() const override { return room_; }
    void settle() override {}
    const float* const* process(const Block& block) override;

 private:
    [[nodiscard]] std::unique_ptr<Lane> lane_of(std::unique_ptr<Generation> generation);
    [[nodiscard]] std::unique_ptr<Generation> next_offer(std::int64_t frame);
    void begin_reload(std::unique_ptr<Generation> next, std::int64_t frame);
    [[nodiscard]] bool hand_over();
    void end_reload();
    void retire(std::unique_ptr<Lane> lane);
    [[nodiscard]] const float* const* play_current(const Block& block);
    [[nodiscard]] const float* const* play_next(const Block& block);
    void replace_current(const Error& error);
    void skip(const Block& block);
    void compare(const Block& block);
    void listen(double to, std::int64_t frame);
    void remember(const Block& block);
    void tell_gone_parameter(std::size_t place);
    void tell_meters(const Block& block);
    [[nodiscard]] PlayPosition position(std::int64_t frame) const;

    ReloadingSettings settings_;
    News& news_;
    ProcessorInfo info_;
    int channels_;
    Alignment alignment_;
    bool one_controller_ = false;
    EventRoom room_;
    Offers offers_;
    ParameterPlaces places_;
    Comparison comparison_;
    std::unique_ptr<Lane> current_, next_, waiting_;
    std::unique_ptr<Lane> old_;  // to compare with
    Crossfade fade_;
    HeldNotes held_;
    PlacedValues values_;      // of the parameters that were set
    PlacedValues unheard_;     // of those, what no build has had since
    std::string last_sound_;   // that was handed over
    std::size_t reloads_ = 0;  // of the script, so far
    std::vector<std::vector<float>> mixed_;
    std::vector<const float*> pointers_;
    bool silent_ = false;
    std::int64_t next_meters_ = 0;
};

}  // namespace patchpipe
