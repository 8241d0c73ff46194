// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the items of a song play: files, and parts of files that are repeated, reversed, stretched
// or have other channels. Not here: what a record says (song_items.h).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "audio/file_sources.h"
#include "audio/mix.h"
#include "edit/spool.h"

namespace patchpipe {

/// A part of a file, as an item plays it. Frames are those of the file.
struct SourceView {
    std::size_t file = 0;
    std::int64_t begin = 0, frames = 0;  ///< the part, within the file
    bool reversed = false;
    bool repeated = false;           ///< without end, and before its beginning
    std::vector<int> channels = {};  ///< those that sound, counted from 0; empty: all
    bool mono = false;               ///< their mean, as one channel
};

/// How a view is stretched; time by time_ratio, frequencies by pitch_scale.
struct Stretching {
    double source_rate = 44100;     ///< how many frames of the view go into a second before that
    std::int64_t source_begin = 0;  ///< the view's frame that comes first
    double time_ratio = 1, pitch_scale = 1;
    std::int64_t frames = 0;  ///< of the mix, that are needed
};

class SongSources : public MixSources {
 public:
    explicit SongSources(int mix_rate) : mix_rate_(mix_rate) {}
    ~SongSources() override;

    /// Files by their paths; views are of these.
    [[nodiscard]] FileSources& files() { return files_; }

    /// Returns the number of a source that is that part of a file.
    [[nodiscard]] std::size_t add(SourceView view);

    /// Returns the number of a source that is the view, stretched, at the rate of the mix. It can
    /// be read once, from its beginning to its end. Throws Error unsupported where the build has no
    /// Rubber Band.
    [[nodiscard]] std::size_t add_stretched(SourceView view, const Stretching& stretching);

    [[nodiscard]] int channels(std::size_t source) const override;
    [[nodiscard]] std::int64_t frames(std::size_t source) const override;
    void read(std::size_t source, std::int64_t at, int frames, double* samples) override;

 private:
    class Stretched;
    struct Source {
        SourceView view;
        std::shared_ptr<Stretched> stretched;     // or nothing
        std::shared_ptr<const Spool> spool = {};  // of a file that cannot be read backwards
    };

    void read_view(Source& source, std::int64_t at, int frames, double* samples);
    void read_forwards(Source& source, std::int64_t at, int frames, double* samples);
    void read_file(Source& source, std::int64_t at, int frames, double* samples);

    int mix_rate_;
    FileSources files_;
    std::vector<Source> sources_;
    std::vector<double> wide_;  // frames with all channels of a file
};

}  // namespace patchpipe
