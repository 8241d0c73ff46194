// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "play/event_input.h"

#include <unistd.h>
#include <algorithm>
#include <optional>
#include <utility>

#include "base/real_time.h"
#include "play/read_event.h"

namespace patchpipe {

EventInput::EventInput(PlayLink& link, const EventInputSettings& settings,
                       ParameterFinder parameters, PlayRecords& records)
    : link_(link),
      settings_(settings),
      parameters_(std::move(parameters)),
      records_(records),
      lines_(STDIN_FILENO),
      loop_([this](Record& record) { send(record); },
            [this](const Record& record) { write_error(record); }) {
    if (!settings.read_ahead) link.board().known_until = PlayLink::all_is_known;
}

void EventInput::read_what_came() {
    constexpr int most_reads = 64;
    for (int i = 0; i < most_reads && wants_input(); ++i) {
        pollfd input{STDIN_FILENO, POLLIN, 0};
        real_poll(&input, 1, std::chrono::milliseconds(0));
        if (!input.revents) return;
        read();
        send_lines();
    }
}

void EventInput::send_lines() {
    const auto has_room = [&] { return link_.events().room() > 0; };
    std::optional<std::string_view> line;
    while (has_room() && (line = lines_.next())) {
        ++line_;
        loop_.take(*line, lines_.cut());
    }
    full_ = !has_room();
    if (lines_.ended() && !full_ && !line && !std::exchange(sent_last_, true)) send_last();
    link_.board().to_player.post();
}

void EventInput::send(const Record& record) {
    auto event = read_event(record, parameters_, settings_.sample_rate);
    event.line = line_;
    if (settings_.read_ahead) {
        if (event.frame == as_soon_as_possible) event.frame = known_;
        known_ = std::max(known_, event.frame);
    }
    push(event);
    if (settings_.read_ahead) link_.board().known_until = known_;
}

void EventInput::send_last() {
    LiveEvent event{.kind = LiveEvent::Kind::last};
    event.frame = settings_.read_ahead ? known_ : as_soon_as_possible;
    event.frame = std::max(event.frame, settings_.first_end);
    event.length = settings_.tail_frames;
    if (settings_.ends_playing) push(event);
    link_.board().known_until = PlayLink::all_is_known;
}

// A line that is no record, a record that is no event, or an error of an earlier tool.
void EventInput::write_error(const Record& refused) {
    auto record = refused;
    record.set("event", "error");
    record.set("line", line_);
    records_.write(record);
}

}  // namespace patchpipe
