// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "audio/audio_writer.h"

#include <stdexcept>
#include <utility>

#include "audio/npy_header.h"
#include "audio/samples.h"
#include "audio/wav_ends.h"

namespace patchpipe {
namespace {

std::string padded(std::string text, std::size_t size) {
    if (text.size() < size) text.resize(size, ' ');
    return text;
}

}  // namespace

AudioWriter::AudioWriter(int fd, Medium medium, const AudioFormat& format, std::string name)
    : fd_(fd),
      name_(std::move(name)),
      depth_(format.depth),
      samples_left_(format.frames * format.channels),
      out_(fd, name_) {
    if (format.channels < 1 || format.frames < 0)
        throw std::logic_error("an audio file of no channels, or of a negative length");
    if (format.container == AudioFormat::Container::npy) {
        depth_ = AudioFormat::Depth::float32;
        out_.write(npy_header(format.channels, format.frames));
    } else {
        write_wav_header(medium, format);
    }
}

void AudioWriter::write_wav_header(Medium medium, AudioFormat format) {
    if (medium == Medium::file && format.comment_room > 0) {
        format.comment = padded(std::move(format.comment), format.comment_room);
        comment_size_ = format.comment.size();
    }
    auto ends = wav_ends(format);
    if (comment_size_ > 0) comment_begin_ = ends.header.find(format.comment);
    out_.write(ends.header);
    trailer_ = std::move(ends.trailer);
}

void AudioWriter::write(std::span<const float> samples) {
    samples_left_ -= static_cast<std::int64_t>(samples.size());
    if (samples_left_ < 0)
        throw std::logic_error("an audio file gets more frames than its header says");
    block_.clear();
    append_samples(samples, depth_, block_);
    out_.write(block_);
}

void AudioWriter::close(const FinalComment& comment) {
    if (samples_left_ != 0)
        throw std::logic_error("an audio file gets fewer frames than its header says");
    out_.write(trailer_);
    out_.flush();
    if (comment && comment_size_ > 0) replace_comment(comment);
}

void AudioWriter::replace_comment(const FinalComment& comment) {
    const auto end = static_cast<std::int64_t>(comment_begin_ + comment_size_);
    const auto text = padded(comment(tail_of(fd_, end, name_)), comment_size_);
    if (text.size() != comment_size_)
        throw std::logic_error("a comment is longer than the place that was kept for it");
    write_at(fd_, static_cast<std::int64_t>(comment_begin_), text, name_);
}

}  // namespace patchpipe
