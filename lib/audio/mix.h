// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Mixes items, each a part of a source at a time of its own, block by block. Only the items that
// sound at the moment have buffers and are read. Not here: what the sources are
// (file_sources.h), and what becomes of the blocks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "audio/pan.h"

namespace patchpipe {

/// The audio that items are parts of, numbered by its owner.
class MixSources {
 public:
    virtual ~MixSources() = default;

    /// 1 or more.
    [[nodiscard]] virtual int channels(std::size_t source) const = 0;
    [[nodiscard]] virtual std::int64_t frames(std::size_t source) const = 0;

    /// Reads these frames, all of which are within the source, into samples, interleaved. Throws
    /// Error if they cannot be read.
    virtual void read(std::size_t source, std::int64_t at, int frames, double* samples) = 0;
};

/// A fade at one end of an item: its length and its form, as fade_gain() has it.
struct MixFade {
    std::int64_t frames = 0;  ///< one that is longer than the item lasts all of the item
    int shape = 0;
    double curvature = 0;
};

/// Gains that change while an item sounds.
class MixGains {
 public:
    virtual ~MixGains() = default;

    /// Fills both with the gains, linear, of the left and of the right side, for the item's frames
    /// from begin on.
    virtual void fill(std::int64_t begin, std::span<double> left, std::span<double> right) = 0;
};

/// A part of a source in the mix. "Frames" are those of the mix unless it says otherwise.
struct MixItem {
    std::size_t source = 0;
    std::int64_t begin = 0;   ///< the item's first frame in the mix, from 0
    std::int64_t frames = 0;  ///< its length; silent behind the end of the source
    /// The source's frames that it is a part of: from here on ...
    std::int64_t source_begin = 0;
    /// ... to the source's end, and with loop again and again from source_begin on.
    bool loop = false;
    /// How many frames of the source sound in a second: its sample rate times the playback rate.
    /// Unless this is the rate of the mix, the item is resampled, to a millionth of a frame a
    /// second; the source before source_begin is then heard through the filter, so that two items
    /// that continue each other sound like one.
    double source_rate = 44100;
    double gain = 1;  ///< linear
    double pan = 0;   ///< -1 to 1; not used for a source of three channels or more
    MixFade fade_in = {}, fade_out = {};
    /// If there are any, each sample is multiplied by that of its side too: of left, and of every
    /// second channel from the first, or of right.
    std::shared_ptr<MixGains> gains = nullptr;
};

/// How many frames of a mix such a part of a source lasts, rounded to the nearest.
[[nodiscard]] std::int64_t frames_in_mix(std::int64_t source_frames, double source_rate,
                                         int mix_rate);

struct MixFormat {
    int channels = 2;
    int sample_rate = 44100;  ///< Hz
    PanLaw pan_law = PanLaw::balance;
};

/// The frames of the mix in order. A frame's sample in a channel is the sum, in double precision
/// and one item after the other, of what each item has there: its sample, times its fade-in, times
/// its fade-out, times its gain with the pan's in it, times its gains that change.
///
/// Items are added in the order of their beginnings; those that begin together in the order given.
/// So the bits depend on the items and that order, and not on the size of the blocks.
///
/// Channels: a source of one channel sounds left and right, at the levels of its pan; of a source
/// of two, the pan sets the levels of the left one and of the right one. Left and right are the
/// first two channels. A mix of one channel is the mean of both. The channels of a source of three
/// or more go to the same channels of the mix.
class Mix {
 public:
    static constexpr std::size_t most_resampled = 1000;

    /// The sources must outlive it. Throws std::logic_error for an item of more than two channels
    /// and more than the mix has.
    Mix(std::vector<MixItem> items, const MixFormat& format, MixSources& sources);
    ~Mix();
    Mix(const Mix&) = delete;
    Mix& operator=(const Mix&) = delete;

    /// Where the last item ends; 0 without items.
    [[nodiscard]] std::int64_t frames() const;

    /// True if an item sounds in the next frames.
    [[nodiscard]] bool sounds_in(int frames) const;

    /// Leaves out the next frames, in which no item sounds.
    void skip(int frames) { at_ += frames; }

    /// Replaces block by the next frames, interleaved; behind the end of the last item they are
    /// silent. Throws what the sources throw, and Error unsupported for a rate that cannot be
    /// resampled, and for more than most_resampled such items at the same time, each of which takes
    /// some memory of its own.
    void read(std::span<double> block);

 private:
    class Voice;

    void begin(const MixItem& item);
    void end_before(std::int64_t frame);

    std::vector<MixItem> items_;  // in order
    MixFormat format_;
    MixSources& sources_;
    std::size_t next_ = 0;  // the first item that has not begun
    std::int64_t at_ = 0;
    std::vector<std::unique_ptr<Voice>> voices_;  // that sound, in order
    std::size_t resampled_ = 0;                   // how many of them are
    std::vector<double> scratch_;
};

}  // namespace patchpipe
