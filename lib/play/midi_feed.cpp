// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "play/midi_feed.h"

#include <algorithm>

#include "base/error.h"
#include "midi/midi_file.h"
#include "render/score.h"

namespace patchpipe {
namespace {

Score score_of(const std::string& path, int sample_rate) {
    const auto song = read_midi_file(path);
    return song_score(song, song.duration, 0, sample_rate);
}

}  // namespace

MidiFeed::MidiFeed(const std::string& path, bool loop, int sample_rate)
    : score_(score_of(path, sample_rate)), loop_(loop) {
    if (loop && score_.frames == 0)
        throw Error(ErrorKind::unsupported, path, "is empty and cannot be looped");
    for (const auto& event : score_.events)
        if (event.bytes.size() > longest_live_bytes)
            throw Error(ErrorKind::unsupported, path,
                        "has a message of " + std::to_string(event.bytes.size()) +
                            " bytes; at most " + std::to_string(longest_live_bytes) +
                            " can be played live");
}

std::int64_t MidiFeed::send(PlayLink& link, std::int64_t end) {
    for (;;) {
        if (next_ == score_.events.size()) {
            if (!loop_) return PlayLink::all_is_known;
            if (begin_ + score_.frames >= end) return begin_ + score_.frames;
            begin_ += score_.frames;
            next_ = 0;
            continue;
        }
        const auto& message = score_.events[next_];
        const auto frame = begin_ + message.frame;
        if (frame >= end || link.events().room() == 0) return frame;
        LiveEvent event{.kind = LiveEvent::Kind::midi};
        event.frame = frame;
        event.size = static_cast<std::uint32_t>(message.bytes.size());
        std::copy(message.bytes.begin(), message.bytes.end(), event.bytes.begin());
        link.events().write({&event, 1});
        ++next_;
    }
}

}  // namespace patchpipe
