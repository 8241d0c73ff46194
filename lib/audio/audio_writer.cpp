// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "audio/audio_writer.h"

#include <bit>
#include <stdexcept>
#include <utility>

#include "audio/interleave.h"
#include "audio/npy_header.h"
#include "audio/wav_encoder.h"

static_assert(std::endian::native == std::endian::little, "npy gets samples as they lie");

namespace patchpipe {

AudioWriter::AudioWriter(int fd, const AudioFormat& format, int max_block_frames, std::string name)
    : format_(format), frames_left_(format.frames), out_(fd, std::move(name)) {
    if (format.channels < 1 || format.frames < 0)
        throw std::logic_error("an audio file of no channels, or of a negative length");
    interleaved_.reserve(static_cast<std::size_t>(format.channels) *
                         static_cast<std::size_t>(max_block_frames));
    if (format.container == AudioFormat::Container::wav)
        wav_ = std::make_unique<WavEncoder>(format,
                                            [this](std::string_view bytes) { out_.write(bytes); });
    else
        out_.write(npy_header(format.channels, format.frames));
}

AudioWriter::~AudioWriter() = default;

void AudioWriter::write(const float* const* channels, int frames) {
    if (frames < 0 || frames > frames_left_)
        throw std::logic_error("an audio file gets more frames than its header says");
    frames_left_ -= frames;
    interleaved_.resize(static_cast<std::size_t>(format_.channels) *
                        static_cast<std::size_t>(frames));
    interleave(channels, format_.channels, frames, interleaved_.data());
    if (wav_)
        wav_->write(interleaved_.data(), frames);
    else
        out_.write({reinterpret_cast<const char*>(interleaved_.data()),
                    interleaved_.size() * sizeof(float)});
}

void AudioWriter::close() {
    if (frames_left_ != 0)
        throw std::logic_error("an audio file gets fewer frames than its header says");
    if (wav_) wav_->close();
    out_.flush();
}

}  // namespace patchpipe
