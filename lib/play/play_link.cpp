// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "play/play_link.h"

#include <utility>

namespace patchpipe {
namespace {

constexpr std::size_t event_count = 4096, note_count = 256;

// Where each part begins in the memory, and where the last one ends.
struct Layout {
    explicit Layout(const LinkSizes& sizes)
        : events(sizeof(PlayLink::Board)),
          notes(events + event_count * sizeof(LiveEvent)),
          output(notes + note_count * sizeof(LiveNote)),
          input(output + sizes.output * sizeof(float)),
          end(input + sizes.input * sizeof(float)) {}

    std::size_t events, notes, output, input, end;
};
static_assert(sizeof(PlayLink::Board) % alignof(LiveEvent) == 0);
static_assert(sizeof(LiveEvent) % alignof(LiveNote) == 0);
static_assert(sizeof(LiveNote) % alignof(float) == 0);

template <typename Item>
std::unique_ptr<Ring<Item>> ring_at(char* memory, RingEnds& ends, std::size_t count) {
    return std::make_unique<Ring<Item>>(ends, std::span(reinterpret_cast<Item*>(memory), count));
}

}  // namespace

LinkSizes LinkSizes::of(const Record& request) {
    const auto size = [&](std::string_view key) {
        return static_cast<std::size_t>(request.integer(key).value_or(0));
    };
    return {.output = size("output_samples"), .input = size("input_samples")};
}

void LinkSizes::set_in(Record& request) const {
    request.set("output_samples", output);
    request.set("input_samples", input);
}

PlayLink::PlayLink(const LinkSizes& sizes)
    : PlayLink(make_shared_memory("patchpipe-play", Layout(sizes).end), sizes) {}

PlayLink::PlayLink(Descriptor fd, const LinkSizes& sizes)
    : fd_(std::move(fd)), memory_(fd_, Layout(sizes).end) {
    const Layout layout(sizes);
    auto* begin = memory_.begin();
    board_ = reinterpret_cast<Board*>(begin);  // zeroes, of which all of it is valid
    events_ = ring_at<LiveEvent>(begin + layout.events, board_->events, event_count);
    notes_ = ring_at<LiveNote>(begin + layout.notes, board_->notes, note_count);
    output_ = ring_at<float>(begin + layout.output, board_->output, sizes.output);
    input_ = ring_at<float>(begin + layout.input, board_->input, sizes.input);
}

}  // namespace patchpipe
