// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Audio in pieces: where it is cut, and the pieces in another order.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "edit/spool.h"

namespace patchpipe {

struct Piece {
    std::int64_t begin, frames;
};

/// The frames at which beats are, each to the nearest frame: offset + n × 60 / tempo × beats
/// seconds for all n that are in the audio. Throws Error unsupported if there are more than
/// most_pieces.
[[nodiscard]] std::vector<std::int64_t> find_beats(const AudioSource::Form& form, double tempo,
                                                   double beats, double offset);

/// The pieces between those frames, which must rise. Every frame is in one: what is before the
/// first cut is a piece as well. Throws Error unsupported if there are more than most_pieces.
[[nodiscard]] std::vector<Piece> pieces_between(const std::vector<std::int64_t>& cuts,
                                                std::int64_t frames);

inline constexpr std::size_t most_pieces = 10000;

/// The same pieces in an order that depends on the seed and their number only: Fisher and Yates's,
/// from the last one down, with SplitMix64.
[[nodiscard]] std::vector<Piece> shuffled(std::vector<Piece> pieces, std::uint64_t seed);

/// The pieces one after the other, which is as long as they are together. At every joint but those
/// where the audio goes on as it was, the first piece goes on for crossfade frames with what
/// follows it in the audio, and gets quieter while the next one gets louder, both linearly; no
/// longer than either piece. What ends the audio has nothing to go on with, and fades out before
/// the joint. Where the result begins or ends within the audio, it fades in or out as long.
[[nodiscard]] Audio joined_pieces(std::shared_ptr<const Spool> spool, std::vector<Piece> pieces,
                                  std::int64_t crossfade);

}  // namespace patchpipe
