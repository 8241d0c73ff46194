// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the audio thread plays, and how it is exchanged. The audio thread never waits: where another
// thread is just at the code, the block is silence, and is counted; its events and parameters come
// with the next one. In an offline render, which has time, it waits instead.
//
// Not here: which code, and when (shell.h).
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

#include "play/ring.h"
#include "reload/crossfade.h"
#include "shell/playing_build.h"

namespace patchpipe {

/// Meters that are shown at most.
inline constexpr std::size_t most_shell_meters = 256;

/// A block as the host gives it. The outputs may be where the inputs are.
struct HostBlock {
    int frames;
    std::span<const float* const> inputs;
    std::span<float* const> outputs;
    std::span<const BlockEvent> events;
    Transport transport;
    bool offline;
    bool bypassed = false;  ///< the code plays on unheard, and the inputs go through, as late as it
};

struct StageSettings {
    int sample_rate, block_size;  ///< longer blocks are played in parts
    std::size_t outputs;          ///< channels of the host
    int fade_frames;              ///< from one build to the next
};

class Stage {
 public:
    Stage();

    // For the audio thread.

    void process(const HostBlock& block);
    /// Clears what sounds, now or, while another thread is at the code, with the next block. For
    /// any thread.
    void reset();

    // For another thread, one at a time.

    /// Ends what plays, and prepares for other blocks. After this there is no build.
    void prepare(const StageSettings& settings);

    /// While the host does not play: what plays is from now on heard as early as it can be.
    void drop_delay();

    /// Calls it between two blocks with the processor that plays; not if there is none.
    void visit(const std::function<void(Processor&)>& visitor);

    /// The same for the sound that is to go over to the next build: what the code has heard until
    /// then is noted, and from then on is kept for change(). Returns true if the last samples of
    /// what plays were not numbers.
    [[nodiscard]] bool begin_change(HeldNotes& notes,
                                    const std::function<void(Processor&)>& visitor);

    /// Plays another build from the next block on, or none.
    struct Change {
        std::unique_ptr<PlayingBuild> next;
        /// It follows the build before it, which fades out; the slots that the host has set since
        /// begin_change() are set in it too. Otherwise the one before ends at once.
        bool goes_on;
        /// It has taken over what sounds, and is told the events since begin_change(); else all
        /// that is held.
        bool sounds;
        std::array<std::optional<float>, slot_count> values;  ///< of its parameters, by slot
    };
    void change(Change change, HeldNotes& notes);

    /// What plays no more, to be destroyed on a thread that may wait, and what a build that failed
    /// threw.
    struct Left {
        std::vector<std::unique_ptr<PlayingBuild>> builds;
        std::exception_ptr failure;
    };
    [[nodiscard]] Left take_left();
    /// Notes what was played since the last time.
    void note_heard(HeldNotes& notes);

    /// While it is set, an offline render waits.
    void set_waits(bool waits) { waits_ = waits; }

    // For any thread.

    [[nodiscard]] std::span<SlotValue, slot_count> values() { return values_; }
    [[nodiscard]] float value(std::size_t slot) const { return values_[slot].get(); }
    [[nodiscard]] float meter(std::size_t index) const { return meters_[index]; }
    [[nodiscard]] std::int64_t skipped_blocks() const { return skipped_; }
    /// By how many frames what plays is late.
    [[nodiscard]] int latency_frames() const { return latency_; }
    /// Messages that were lost because too many came while blocks were skipped.
    [[nodiscard]] std::int64_t lost_events() const { return lost_; }

 private:
    struct Message {
        std::array<std::uint8_t, 3> bytes;
        std::uint8_t size;
    };
    // A message of a block that was skipped, or had no frames.
    struct Late {
        std::size_t begin, size;
    };

    [[nodiscard]] std::unique_lock<std::mutex> lock_for(const HostBlock& block);
    [[nodiscard]] std::unique_lock<std::mutex> lock_between_blocks();
    void skip(const HostBlock& block);
    void keep_events(const HostBlock& block);
    void take_events(const HostBlock& block);
    void remember(std::span<const std::uint8_t> message);
    void clear_sound();
    void play_part(const HostBlock& block, int begin, int frames);
    [[nodiscard]] const float* const* play(std::unique_ptr<PlayingBuild>& build, const Block& block,
                                           std::span<const float* const> inputs);
    void give(const float* const* channels, const HostBlock& block, int begin, int frames);
    void retire(std::unique_ptr<PlayingBuild>& build);
    void note_latency() { latency_ = current_ ? current_->latency_frames() : 0; }
    void read_heard(const std::function<void(const MidiBytes&)>& take);
    void set_values(const Change& change);

    std::array<SlotValue, slot_count> values_;
    std::array<std::atomic<float>, most_shell_meters> meters_{};
    std::atomic<std::int64_t> skipped_{0}, lost_{0};
    std::atomic<int> latency_{0};
    std::atomic<bool> reset_asked_{false}, waits_{false}, has_left_{false};
    std::atomic<std::int64_t> last_block_{0};  // when it ended, in RealClock's count
    std::atomic<bool> last_was_offline_{true};

    // Of the audio thread: what it has played, for whoever has to tell the next build.
    std::vector<Message> heard_items_;
    RingEnds heard_ends_{};
    Ring<Message> heard_, hearing_;  // the two sides
    std::vector<Late> late_;
    std::vector<std::uint8_t> late_bytes_;
    std::vector<BlockEvent> events_, part_events_;
    std::vector<std::size_t> news_;

    std::mutex mutex_;  // for all below
    StageSettings settings_{};
    std::unique_ptr<PlayingBuild> current_, before_;
    std::vector<std::unique_ptr<PlayingBuild>> retired_;
    Crossfade fade_;
    std::int64_t frame_ = 0;
    std::vector<std::vector<float>> mixed_;
    std::vector<const float*> mixed_pointers_, part_inputs_;
    std::array<bool, slot_count> changed_{};  // since begin_change()
    std::exception_ptr failure_;
};

}  // namespace patchpipe
