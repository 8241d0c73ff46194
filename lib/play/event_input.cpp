// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "play/event_input.h"

#include <unistd.h>
#include <algorithm>
#include <optional>
#include <utility>

#include "base/real_time.h"
#include "play/read_event.h"
#include "reload/comparison.h"

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
    if (!settings.read_ahead) lines_known_ = PlayLink::all_is_known;
    if (!settings.midi) midi_known_ = PlayLink::all_is_known;
    publish_known();
}

void EventInput::publish_known() {
    link_.board().known_until = std::min(lines_known_, midi_known_);
}

void EventInput::send_events(std::int64_t horizon) {
    send_lines();
    if (settings_.midi) midi_known_ = settings_.midi->send(link_, horizon);
    publish_known();
    link_.board().to_player.post();
}

void EventInput::read_what_came(std::int64_t horizon) {
    constexpr int most_reads = 64;
    for (int i = 0; i < most_reads && wants_input(); ++i) {
        pollfd input{STDIN_FILENO, POLLIN, 0};
        real_poll(&input, 1, std::chrono::milliseconds(0));
        if (!input.revents) break;
        read();
        send_lines();
    }
    send_events(horizon);
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
}

void EventInput::send(const Record& record) {
    auto event = read_event(record, parameters_, settings_.sample_rate);
    if (event.parameter == listening_parameter && !settings_.compares)
        throw Error(ErrorKind::bad_record, "type", "is 'listen', which needs --against");
    event.line = line_;
    if (settings_.read_ahead) {
        if (event.frame == as_soon_as_possible) event.frame = known_;
        known_ = std::max(known_, event.frame);
    }
    push(event);
    if (settings_.read_ahead) lines_known_ = known_;
}

void EventInput::send_last() {
    LiveEvent event{.kind = LiveEvent::Kind::last};
    event.frame = settings_.read_ahead ? known_ : as_soon_as_possible;
    event.frame = std::max(event.frame, settings_.first_end);
    event.length = settings_.tail_frames;
    if (settings_.ends_playing) push(event);
    lines_known_ = PlayLink::all_is_known;
}

// A line that is no record, a record that is no event, or an error of an earlier tool.
void EventInput::write_error(const Record& refused) {
    auto record = refused;
    record.set("event", "error");
    record.set("line", line_);
    records_.write(record);
}

}  // namespace patchpipe
