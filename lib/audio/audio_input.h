// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// An audio file as a plug-in hears it: at its sample rate, in its channels, block by block, and
// silence behind its end.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "audio/audio_reader.h"
#include "audio/resample.h"

namespace patchpipe {

/// The seconds of an audio file. An npy file, which has no rate, is taken to have sample_rate.
[[nodiscard]] double audio_duration(const AudioReader& reader, int sample_rate);

/// Who hears a file.
struct AudioListener {
    int channels;      ///< that it takes
    std::string name;  ///< for messages
    bool in_side_chain = false;
};

class AudioInput {
 public:
    /// Takes the file over, which messages call by the name, and plays it at that rate. Throws
    /// Error unsupported for more channels than the listener takes, and if it takes none.
    AudioInput(std::unique_ptr<AudioReader> reader, int sample_rate, const std::string& name,
               const AudioListener& listener);

    /// Writes the next frames. One channel goes to all inputs; inputs that are left over are
    /// silent. Throws what AudioReader::read() throws, Error non-finite for samples that are not
    /// numbers, and Error io for a file that was cut meanwhile.
    void read(std::span<float* const> channels, int frames);

 private:
    void fill(std::size_t frames);

    std::unique_ptr<AudioReader> reader_;
    std::string name_;
    std::size_t file_channels_;
    std::int64_t frames_read_ = 0;
    std::optional<Resampler> resampler_;
    std::vector<double> piece_;
    std::vector<double> waiting_;  // frames that are read and not yet given
    std::size_t given_ = 0;        // samples of these that are
    bool ended_ = false;
};

}  // namespace patchpipe
