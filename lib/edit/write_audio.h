// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Writes audio in double precision to a file.
#pragma once

#include <memory>
#include <span>
#include <string>

#include "audio/audio_format.h"
#include "audio/meter.h"
#include "edit/audio_source.h"
#include "file/whole_file.h"

namespace patchpipe {

/// A file that is written block by block. In 16 and 24 bits every sample is rounded once, from
/// double precision, to the nearest step. dither adds noise with a triangular distribution, a step
/// wide to both sides, before that: the same noise in every file.
class AudioFileWriter {
 public:
    /// Throws what WholeFile and AudioWriter throw.
    AudioFileWriter(const std::string& path, const AudioFormat& format, bool dither);
    ~AudioFileWriter();

    /// Writes interleaved frames. Throws the same, and Error non-finite for a sample that is NaN or
    /// infinite.
    void write(std::span<const double> samples);

    /// Ends the file, which appears now. Returns the measures of the float32 samples before they
    /// were rounded. Call it once, last.
    Meter close(Sync sync);

 private:
    class Open;
    std::unique_ptr<Open> open_;
};

/// Writes all of the audio, in a format whose channels, sample_rate and frames are set here. Throws
/// what AudioFileWriter and reading throw; there is then no file. Returns the measures.
Meter write_audio(AudioSource& audio, const std::string& path, AudioFormat format, bool dither,
                  Sync sync);

/// Whether files of that container have a depth.
[[nodiscard]] bool has_depth(AudioFormat::Container container);

}  // namespace patchpipe
