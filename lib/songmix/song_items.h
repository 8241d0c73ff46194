// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The takes of a song as the items of a mix.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "audio/mix.h"
#include "base/error.h"
#include "song/song_model.h"
#include "songmix/song_sources.h"

namespace patchpipe {

class SongItems {
 public:
    /// Relative paths are meant from the folder of the song, or without its path from the current
    /// one.
    SongItems(const SongModel& song, int sample_rate, SongSources& sources);

    /// What a take plays on a track with that many channels; nothing if it has no audio, as MIDI
    /// and texts have none. Throws Error bad-record for a field that is wrong, and what
    /// FileSources::add() throws, naming the take.
    [[nodiscard]] std::optional<MixItem> item(const std::string& take, int track_channels);

    /// The same, played by a file that begins at the beginning of the song: what left the take's
    /// effects.
    [[nodiscard]] MixItem item_behind_effects(const std::string& take, const std::string& file,
                                              int track_channels);

    /// Only what goes into the take's effects: without fades, gains, pan and envelopes.
    [[nodiscard]] std::optional<MixItem> item_before_effects(const std::string& take,
                                                             int track_channels);

    /// Where the last item of the song ends, in frames, heard or not.
    [[nodiscard]] std::int64_t end() const;

    /// A file from the beginning of the song to its own end.
    [[nodiscard]] MixItem whole_file(const std::string& file, int track_channels);

 private:
    struct Span {
        double begin, end;  // seconds
    };
    [[nodiscard]] Span span_of(const std::string& take) const;
    [[nodiscard]] MixItem placed(const std::string& take) const;
    void set_levels(MixItem& item, const std::string& take) const;
    [[nodiscard]] bool set_source(MixItem& item, const std::string& take, int track_channels);
    [[nodiscard]] SourceView view_of(const std::string& take, const Record& source);
    [[nodiscard]] int rate_of(std::size_t file) const;
    void fit(SourceView& view, int channel_mode, int track_channels) const;

    const SongModel& song_;
    TempoMap tempo_;
    int sample_rate_;
    SongSources& sources_;
    std::string folder_;
};

}  // namespace patchpipe
