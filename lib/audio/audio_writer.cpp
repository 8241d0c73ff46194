// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "audio/audio_writer.h"

#include <stdexcept>
#include <utility>

#include "audio/npy_header.h"
#include "audio/samples.h"
#include "audio/wav_ends.h"

namespace patchpipe {

AudioWriter::AudioWriter(int fd, const AudioFormat& format, std::string name)
    : depth_(format.depth),
      samples_left_(format.frames * format.channels),
      out_(fd, std::move(name)) {
    if (format.channels < 1 || format.frames < 0)
        throw std::logic_error("an audio file of no channels, or of a negative length");
    if (format.container == AudioFormat::Container::npy) {
        depth_ = AudioFormat::Depth::float32;
        out_.write(npy_header(format.channels, format.frames));
    } else {
        auto ends = wav_ends(format);
        out_.write(ends.header);
        trailer_ = std::move(ends.trailer);
    }
}

void AudioWriter::write(std::span<const float> samples) {
    samples_left_ -= static_cast<std::int64_t>(samples.size());
    if (samples_left_ < 0)
        throw std::logic_error("an audio file gets more frames than its header says");
    block_.clear();
    append_samples(samples, depth_, block_);
    out_.write(block_);
}

void AudioWriter::close() {
    if (samples_left_ != 0)
        throw std::logic_error("an audio file gets fewer frames than its header says");
    out_.write(trailer_);
    out_.flush();
}

}  // namespace patchpipe
