// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Audio that is read block by block, and again: a file, or another source with a change to it
// (changes.h).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>

namespace patchpipe {

class AudioSource {
 public:
    struct Form {
        int channels;
        int sample_rate;      ///< Hz
        std::int64_t frames;  ///< the exact length
    };

    explicit AudioSource(const Form& form) : form_(form) {}
    virtual ~AudioSource() = default;
    AudioSource(const AudioSource&) = delete;
    AudioSource& operator=(const AudioSource&) = delete;

    [[nodiscard]] int channels() const { return form_.channels; }
    [[nodiscard]] int sample_rate() const { return form_.sample_rate; }
    [[nodiscard]] std::int64_t frames() const { return form_.frames; }
    [[nodiscard]] const Form& form() const { return form_; }

    /// Reads the next frames, interleaved, 1.0 being full scale. Returns how many: fewer than asked
    /// for only at the end. Throws Error io, and corrupt for a file with fewer frames than its
    /// header states.
    [[nodiscard]] virtual int read(double* samples, int frames) = 0;

    /// Lets the next read begin at that frame, 0 to frames().
    virtual void seek(std::int64_t frame) = 0;

 private:
    Form form_;
};

using Audio = std::unique_ptr<AudioSource>;

/// Calls take() with all of the audio from its beginning, block by block: interleaved samples.
void for_each_block(AudioSource& audio, const std::function<void(std::span<const double>)>& take);

}  // namespace patchpipe
