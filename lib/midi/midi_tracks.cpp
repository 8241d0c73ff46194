// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "midi/midi_tracks.h"

#include <juce_audio_basics/juce_audio_basics.h>

#include "midi/track.h"

namespace patchpipe {

MidiTracks::MidiTracks(std::string bytes, std::string path)
    : bytes_(std::move(bytes)),
      path_(std::move(path)),
      chunks_(parse_midi_chunks(
          {reinterpret_cast<const std::uint8_t*>(bytes_.data()), bytes_.size()}, path_)) {}

std::int64_t MidiTracks::read(std::size_t track, const TakeEvent& take) const {
    std::string event;
    const auto pass = [&](const juce::MidiMessage& message) {
        const auto* const data = reinterpret_cast<const char*>(message.getRawData());
        event.assign(data, static_cast<std::size_t>(message.getRawDataSize()));
        if (message.isMetaEvent()) {
            const auto* const content = reinterpret_cast<const char*>(message.getMetaEventData());
            const auto length = static_cast<std::size_t>(message.getMetaEventLength());
            event.resize(2);
            event.append(content, length);
        }
        take(static_cast<std::int64_t>(message.getTimeStamp()), event);
    };
    return static_cast<std::int64_t>(
        parse_midi_track(chunks_.tracks[track], path_, track + 1, pass));
}

}  // namespace patchpipe
