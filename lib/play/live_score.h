// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A score that is written while it is played: the events of a play link (play_link.h), for the
// render loop. An event with a frame is played at exactly that, whatever the blocks are. Not here:
// processes and devices.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "play/play_link.h"
#include "render/performance.h"

namespace patchpipe {

struct LiveSettings {
    std::int64_t frames;  ///< after which the playing ends; most_frames if it is open
    int latency;          ///< of the processor: so much more is rendered
    int inputs;           ///< of the processor; 0 if it hears nothing
    int block_size;
    EventRoom room;  ///< of the processor, in one block
    /// The value of a parameter that is given as text. Throws Error if there is none.
    std::function<double(std::size_t parameter, const std::string& text)> convert;
    /// Clears what sounds in the processor, between two blocks.
    std::function<void()> reset;
    std::vector<std::int64_t> borders = {};  ///< frames, in order, at each of which a block begins

    static constexpr std::int64_t most_frames = std::int64_t{1} << 60;
};

class LiveScore : public Performance {
 public:
    LiveScore(PlayLink& link, LiveSettings settings);

    std::int64_t block_end(std::int64_t begin, int longest) override;
    std::span<const ParameterChange> changes_at(std::int64_t begin) override;
    std::int64_t next_change(std::int64_t begin, std::int64_t end) const override;
    std::span<const ScoreEvent> events() const override;
    std::size_t usual_events() const override { return usually_waiting; }
    void take_events(std::size_t count) override { taken_ += count; }
    Position position_at(double seconds) const override { return time_map_.position_at(seconds); }
    bool has_audio() const override { return settings_.inputs > 0; }
    void read_audio(std::span<float* const> channels, int frames) override;

 private:
    // How many events wait for their frames without memory being allocated for them, and how many
    // may: the next ones wait in the link.
    static constexpr std::size_t usually_waiting = 16384, most_waiting = std::size_t{1} << 18;

    struct Move {
        std::int64_t frame, line;
        std::size_t parameter;
        double value;
        std::optional<std::string> text;  // in place of the value
        bool resets = false;              // in place of all these
    };

    [[nodiscard]] bool has_place() const;
    [[nodiscard]] bool is_full() const;
    void take_what_came(std::int64_t begin);
    void take(const LiveEvent& event, std::int64_t begin);
    void place(const LiveEvent& event, std::int64_t frame, std::span<const std::uint8_t> bytes);
    void put_in_order(std::size_t events_before, std::size_t moves_before);
    void make_room(std::int64_t frame);
    [[nodiscard]] std::int64_t longest_end(std::int64_t begin, int longest) const;
    void end_at(std::int64_t frame);
    void note(const LiveEvent& event, LiveNote::Kind kind, std::int64_t frames,
              std::string_view text = {});

    PlayLink& link_;
    LiveSettings settings_;
    TimeMap time_map_;
    std::int64_t end_, last_ = 0;     // of the render; of the events so far
    std::vector<ScoreEvent> events_;  // in order; the first taken_ are played
    std::vector<ScoreEvent> spare_;   // with the memory of events that were played
    std::size_t taken_ = 0;
    std::vector<Move> moves_;  // in order
    std::vector<ParameterChange> changes_;
    std::vector<float> heard_;
};

}  // namespace patchpipe
