// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Mixes a song block by block: the items of its tracks, the stems of tracks with effects, folders,
// sends, faders and the master. Not here: effects, which are rendered to stems before, and files
// to write (song_files.h).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/error.h"
#include "song/routing.h"
#include "song/song_model.h"
#include "songmix/song_sources.h"

namespace patchpipe {

/// Files that are what left the effects of a track, or of a take, by its id. They begin at the
/// beginning of the song.
using Stems = std::unordered_map<std::string, std::string>;

struct SongMixSettings {
    int sample_rate = 44100;  ///< Hz
    Stems stems;
    /// Called with what cannot be mixed because a file is missing or cannot be read, which is then
    /// left out; without it the constructor throws the error.
    std::function<void(const Error&)> leave_out = {};
};

class SongMixer {
 public:
    /// Where a track's audio is taken.
    enum class Tap {
        below,   ///< what goes into its effects
        behind,  ///< behind its fader
    };
    struct Wanted {
        std::string track = {};
        Tap tap = Tap::behind;
    };

    /// Prepares what the wanted tracks need, and nothing else. song and routing must outlive it.
    /// Throws Error bad-record for fields that are wrong, not-found for a stem that is missing, and
    /// what files throw.
    SongMixer(const SongModel& song, const Routing& routing, SongMixSettings settings,
              const std::vector<Wanted>& wanted);
    ~SongMixer();

    /// Prepares for a take's effects: wants what goes into them, alone.
    [[nodiscard]] static std::unique_ptr<SongMixer> before_effects(const SongModel& song,
                                                                   const Routing& routing,
                                                                   SongMixSettings settings,
                                                                   const std::string& take);

    /// Until the last item or stem that is mixed ends.
    [[nodiscard]] std::int64_t frames() const;

    /// Until the last item of the song ends, also one that is not heard, or the last stem.
    [[nodiscard]] std::int64_t song_frames();

    /// The files that are read.
    [[nodiscard]] std::vector<std::string> inputs();

    /// 2 or more.
    [[nodiscard]] int channels(const std::string& track) const;

    /// Mixes the next frames, at most most_frames.
    void mix(int frames);
    static constexpr int most_frames = 1024;

    /// The frames that mix() made last, interleaved.
    [[nodiscard]] std::span<const double> audio(const Wanted& wanted) const;

 private:
    class Strip;
    struct Receive;

    SongMixer(const SongModel& song, SongMixSettings settings);
    [[nodiscard]] Strip& strip(const std::string& track) const;
    void make_silence();
    void want(const std::vector<Wanted>& wanted);
    void prepare(Strip& strip);
    void add_items(Strip& strip);
    void add_receives(Strip& strip);
    void mix_below(Strip& strip, int frames);
    void mix_behind(Strip& strip, int frames);
    void leave_out_or_throw(const Error& error) const;

    const SongModel& song_;
    SongMixSettings settings_;
    SongSources sources_;
    std::vector<std::unique_ptr<Strip>> strips_;  // each behind all that it hears
    std::unordered_map<std::string, std::size_t> places_;
    std::int64_t at_ = 0;
    std::vector<double> silence_;  // as long as any track's block
    int frames_ = 0;               // of the last block
};

}  // namespace patchpipe
