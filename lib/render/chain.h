// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Processors one after the other, as one: an instrument, or none, and effects. Not here: how they
// are opened, and what presets they get.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "render/processor.h"

namespace patchpipe {

/// How much of a link is heard.
struct LinkMix {
    double wet = 1;       ///< 0 to 1; the rest is what went into the link, as late as the link is
    bool bypass = false;  ///< the link is left out, with its latency
};

class Chain : public Processor {
 public:
    using Links = std::vector<std::unique_ptr<Processor>>;

    /// At least one link, each prepared for blocks of that size. MIDI events go to the first. A
    /// link gets the channels of the one before it; one channel goes to all of its inputs. Each
    /// link that has a side chain gets the chain's, when what it is to go with has reached it.
    Chain(Links links, int block_size);

    [[nodiscard]] std::size_t size() const { return links_.size(); }
    [[nodiscard]] Processor& link(std::size_t index) { return *links_[index].processor; }

    /// The index here of the link's first parameter, in a Block.
    [[nodiscard]] std::size_t first_parameter(std::size_t link) const;

    /// By how many frames the audio is late when it reaches the link, as mixed now.
    [[nodiscard]] int latency_before(std::size_t link) const;

    /// So many channels run along all links, as on a track of a mixer, 2 to 128: a link takes the
    /// first ones, those behind them are its side chain, what it gives replaces the first ones, and
    /// the others go past it, as late as it is. A link of one output gives it to the first two.
    /// Without a number each link gets what the one before it gives, and no more. Before set_mix().
    void set_track(std::optional<int> channels) { track_channels_ = channels; }

    /// The first link that is not bypassed, which what goes into the chain reaches; 0 if all are.
    [[nodiscard]] std::size_t first_heard() const;

    /// For the next render: clears what the links before left on the way.
    void set_mix(std::size_t link, const LinkMix& mix);

    /// Throws Error unsupported, with the link's name, if one has no inputs, or fewer than the
    /// channels that reach it.
    void check_channels() const;

    /// Called with each link's index before it processes a block.
    void set_before_link(std::function<void(std::size_t link)> before_link) {
        before_link_ = std::move(before_link);
    }

    /// The first link that gave samples that are not finite since the last set_mix(); size() if
    /// none did.
    [[nodiscard]] std::size_t first_not_finite() const { return not_finite_; }

    /// "link 2, Name", counted from 1.
    [[nodiscard]] std::string name_of(std::size_t link) const;

    const ProcessorInfo& info() const override { return info_; }
    int channels() const override { return channels_after(links_.size()); }
    int latency_frames() const override { return latency_before(links_.size()); }
    bool one_controller_a_block() const override;
    EventRoom event_room() const override;
    void settle() override;
    bool is_restless() const override;
    const float* const* process(const Block& block) override;
    Chain* chain() override { return this; }

 private:
    // Audio that waits for what the links make late.
    class Delay {
     public:
        void reset(int channels, int latency, int block_size);
        // Adds the next block and gives that of `latency` frames ago.
        const float* const* delayed(const float* const* input, int frames);

     private:
        std::vector<std::vector<float>> history_, block_;
        std::vector<const float*> pointers_;
        std::size_t at_ = 0;
    };

    struct Link {
        std::unique_ptr<Processor> processor;
        std::size_t parameters = 0;  // how many
        LinkMix mix = {};
        Delay dry = {}, side_chain = {};
        std::vector<const float*> inputs = {}, beside = {}, track = {};
        std::vector<std::vector<float>> mixed = {};
        std::vector<const float*> outputs = {};
    };

    [[nodiscard]] int channels_after(std::size_t links) const;
    [[nodiscard]] const float* const* inputs_of(Link& link, const float* const* audio,
                                                int channels) const;
    [[nodiscard]] const float* const* process_link(std::size_t index, const Block& block,
                                                   const float* const* audio);
    [[nodiscard]] const float* const* side_chain_of(Link& link, const Block& block,
                                                    const float* const* audio) const;
    void set_side_chain();
    [[nodiscard]] const float* const* with_track(Link& link, const float* const* output,
                                                 const float* const* past);
    void mix_in_dry(Link& link, const float* const* dry, int dry_channels, int frames);

    std::vector<Link> links_;
    int block_size_;
    std::optional<int> track_channels_;
    ProcessorInfo info_;
    std::function<void(std::size_t link)> before_link_ = [](auto) {};
    std::size_t not_finite_;
    std::vector<ParameterChange> changes_;
    std::vector<float> silence_;  // where all links are bypassed and nothing goes in
    std::vector<const float*> silent_;
};

}  // namespace patchpipe
