// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Audio in a temporary file without a name, to be read from any frame on, in any order.
#pragma once

#include <cstdint>
#include <memory>

#include "base/descriptor.h"
#include "edit/audio_source.h"

namespace patchpipe {

class Spool {
 public:
    /// Copies all of the audio, in double precision. Throws what its read() does, and Error io.
    explicit Spool(AudioSource& audio);

    [[nodiscard]] const AudioSource::Form& form() const { return form_; }

    /// Reads these frames, all of which are there. Throws Error io.
    void read(std::int64_t begin, std::int64_t frames, double* samples) const;

 private:
    AudioSource::Form form_;
    Descriptor file_;
};

/// A part of it as a source.
[[nodiscard]] Audio part_of(std::shared_ptr<const Spool> spool, std::int64_t begin,
                            std::int64_t frames);

}  // namespace patchpipe
