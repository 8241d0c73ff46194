// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What feeds what in a song, and in which stage each chain of effects can be rendered. Only what
// is heard is in it: mutes, solos, bypassed effects and takes that do not play are decided here.
// Not here: gains, pans and envelopes, which are the mixer's, and where MIDI goes.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "song/song_model.h"

namespace patchpipe {

/// A take that plays, with its own effects in their order. Their chain is rendered in stage 1.
struct RoutedTake {
    std::string item;
    SongModel::Ids effects;
    std::string first_take = item;  ///< of the same item; those behind it need its record
};

/// A track, or the master. Its takes, children and receives are added up below its chain; what
/// leaves the chain is its stem, and its fader is behind that. A pre-fx send takes the sum below
/// the chain, a pre-fader send the stem.
struct RoutedTrack {
    std::string track;
    bool heard = true;  ///< false: muted, or others are solo; then nothing is below it

    std::vector<RoutedTake> takes;  ///< with audio and with MIDI
    SongModel::Ids children;        ///< the tracks that go into this folder, or into the master
    SongModel::Ids receives;        ///< the sends of audio into it
    bool has_audio = false;         ///< any of these may be heard before the chain

    SongModel::Ids effects;    ///< the chain; containers are opened
    bool needs_input = false;  ///< the chain needs what is below it; false for an instrument alone
    /// The chain's output may be heard. In a REAPER project effects that are no instruments make no
    /// audio of MIDI; by hand the first one may be an instrument that is not marked.
    bool gives_audio = false;
    int stage = 0;  ///< in which the chain can be rendered, from 1; 0 without a chain
};

class Routing {
 public:
    /// Throws Error bad-record for feedback, naming the tracks in the loop, and for a send or a
    /// folder whose track is not there.
    explicit Routing(const SongModel& song);

    /// Each track comes after all that it hears; the master, which is always there, is the last.
    [[nodiscard]] const std::vector<RoutedTrack>& tracks() const { return tracks_; }

    /// The track with that id. Throws Error not-found.
    [[nodiscard]] const RoutedTrack& track(const std::string& id) const;

    /// The greatest stage; 0 if the song has no effects.
    [[nodiscard]] int stages() const { return stages_; }

 private:
    void fill(const SongModel& song, RoutedTrack& track);

    std::vector<RoutedTrack> tracks_;
    std::unordered_map<std::string, std::size_t> places_;
    std::unordered_map<std::string, int> below_;  // the greatest stage below a track's chain
    int stages_ = 0;
};

/// As many channels as a track has, or the master: 2 to 128, and even, as REAPER makes them.
[[nodiscard]] int channels_of(const SongModel& song, const std::string& track);

/// The takes of an item that play: none if it is muted.
[[nodiscard]] SongModel::Ids playing_takes(const SongModel& song, const std::string& item);

/// The effects of a track or a take that are neither bypassed nor offline, containers opened.
[[nodiscard]] SongModel::Ids active_effects(const SongModel& song, const std::string& owner);

/// True if a take plays MIDI rather than audio.
[[nodiscard]] bool plays_midi(const SongModel& song, const std::string& item);

/// True if a send takes what is before the effects of its source.
[[nodiscard]] bool is_pre_fx(const Record& send);

/// True if an effect of the chain is marked as an instrument.
[[nodiscard]] bool has_instrument(const SongModel& song, const SongModel::Ids& effects);

/// The effects that play the MIDI of their tracks in a song by hand, and are not marked. None of a
/// song that hears itself.
[[nodiscard]] SongModel::Ids unmarked_instruments(const SongModel& song);

}  // namespace patchpipe
