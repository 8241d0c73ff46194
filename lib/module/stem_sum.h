// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The sum of stems, which is the mix beside them: libopenmpt calculates in whole numbers, and what
// it plays at once differs from the sum of its channels by some millionths. The sum is kept in a
// temporary file, in double precision.
#pragma once

#include <cstdint>
#include <span>

#include "base/descriptor.h"
#include "module/played_audio.h"

namespace patchpipe {

class StemSum {
 public:
    StemSum();

    /// Throws Error io.
    void add(const PlayedAudio& audio);

    /// What the mix has that they do not have. Throws the same.
    [[nodiscard]] PlayedAudio rest_of(const PlayedAudio& mix) const;

    /// All of it, as long as the longest of them. Throws the same.
    [[nodiscard]] PlayedAudio audio() const;

 private:
    void read(std::int64_t frame, std::span<double> sums) const;

    Descriptor file_;
    std::int64_t frames_ = 0;
};

}  // namespace patchpipe
