// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The format of the audio files that a tool writes, as its options and the names of the files say
// it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "audio/audio_format.h"
#include "cli/options.h"

namespace patchpipe {

/// The format of a file with that name: what an option says, or else its suffix, or the default. An
/// empty name has none. Throws UsageError if the two differ, or the suffix is of no format.
[[nodiscard]] std::string chosen_format(const std::string& file,
                                        const std::optional<std::string>& given);

class FormatOptions {
 public:
    /// Declares -f, -b, --quality, --bitrate, -r and -c. The texts say what the last two are
    /// without the option. This object must live until the line is parsed.
    void declare(CommandLine& line, const std::string& usual_rate,
                 const std::string& usual_channels);

    /// Takes the chosen_format() for a file that another option names. Throws UsageError, also for
    /// what no such file can be, at any rate if none is given.
    void choose(const std::optional<std::string>& file_name);

    [[nodiscard]] const std::string& format() const { return format_; }
    [[nodiscard]] const std::string& bit_depth() const { return bit_depth_; }
    [[nodiscard]] const std::optional<std::int64_t>& sample_rate() const { return sample_rate_; }
    [[nodiscard]] const std::optional<std::int64_t>& channels() const { return channels_; }

    [[nodiscard]] AudioFormat audio_format(int channels, int sample_rate) const;

 private:
    std::optional<std::string> given_;
    std::string format_, bit_depth_;
    std::optional<std::int64_t> sample_rate_, channels_, bitrate_;
    std::optional<double> quality_;
};

}  // namespace patchpipe
