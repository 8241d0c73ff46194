// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "audio/audio_writer.h"

#include <stdexcept>
#include <utility>

#include "audio/npy_header.h"
#include "audio/packed_audio.h"
#include "audio/samples.h"
#include "audio/wav_ends.h"
#include "file/nameless_file.h"
#include "file/offset.h"

namespace patchpipe {
namespace {

std::string padded(std::string text, std::size_t size) {
    if (text.size() < size) text.resize(size, ' ');
    return text;
}

bool is_packed(AudioFormat::Container container) {
    return container == AudioFormat::Container::flac || container == AudioFormat::Container::ogg;
}

}  // namespace

AudioWriter::AudioWriter(int fd, Medium medium, const AudioFormat& format, std::string name)
    : fd_(fd),
      name_(std::move(name)),
      samples_left_(format.frames * format.channels),
      depth_(format.depth),
      out_(fd, name_) {
    if (format.channels < 1 || format.frames < 0)
        throw std::logic_error("an audio file of no channels, or of a negative length");
    check_container(format.container, format.depth, format.sample_rate);
    if (is_packed(format.container))
        begin_packed(medium, format);
    else
        begin_plain(medium, format);
}

AudioWriter::~AudioWriter() = default;

void AudioWriter::begin_plain(Medium medium, AudioFormat format) {
    if (format.container == AudioFormat::Container::npy) {
        depth_ = AudioFormat::Depth::float32;
        return out_.write(build_npy_header(format.channels, format.frames));
    }
    if (medium == Medium::file && format.comment_room > 0) {
        format.comment = padded(std::move(format.comment), format.comment_room);
        comment_size_ = format.comment.size();
    }
    auto ends = wav_ends(format);
    if (comment_size_ > 0) comment_begin_ = ends.header.find(format.comment);
    const auto body = comment_begin_ + comment_size_;
    out_.write(std::string_view(ends.header).substr(0, body));
    write_body(std::string_view(ends.header).substr(body));
    trailer_ = std::move(ends.trailer);
}

void AudioWriter::begin_packed(Medium medium, AudioFormat format) {
    format.comment = padded(std::move(format.comment), format.comment_room);
    comment_size_ = format.comment.size();
    if (medium == Medium::stream) scratch_ = nameless_file();
    packed_ = std::make_unique<PackedAudio>(medium == Medium::stream ? scratch_.get() : fd_, format,
                                            name_);
}

void AudioWriter::write(std::span<const float> samples) {
    samples_left_ -= static_cast<std::int64_t>(samples.size());
    if (samples_left_ < 0)
        throw std::logic_error("an audio file gets more frames than its header says");
    if (packed_) return packed_->write(samples);
    block_.clear();
    append_samples(samples, depth_, block_);
    write_body(block_);
}

void AudioWriter::close(const FinalComment& comment) {
    if (samples_left_ != 0)
        throw std::logic_error("an audio file gets fewer frames than its header says");
    if (packed_) {
        packed_->finish();
    } else {
        write_body(trailer_);
        out_.flush();
    }
    if (comment && comment_size_ > 0) replace_comment(comment);
    if (scratch_.get() >= 0) send_scratch();
}

void AudioWriter::write_body(std::string_view bytes) {
    if (comment_size_ > 0) body_.add(bytes);
    out_.write(bytes);
}

// Encoders seek back and overwrite, so what they wrote is read again for its hash.
FileBody AudioWriter::body(std::int64_t begin) {
    if (!packed_) return {size_of(fd_, name_), begin, body_.text()};
    return body_of(scratch_.get() >= 0 ? scratch_.get() : fd_, begin, name_);
}

void AudioWriter::replace_comment(const FinalComment& comment) {
    const auto end = packed_ ? packed_->comment_end()
                             : static_cast<std::int64_t>(comment_begin_ + comment_size_);
    const int fd = scratch_.get() >= 0 ? scratch_.get() : fd_;
    const auto text = padded(comment(body(end)), comment_size_);
    if (text.size() != comment_size_)
        throw std::logic_error("a comment is longer than the place that was kept for it");
    if (packed_)
        packed_->replace_comment(text);
    else
        write_at(fd, static_cast<std::int64_t>(comment_begin_), text, name_);
}

void AudioWriter::send_scratch() {
    constexpr std::size_t piece = 1 << 16;
    for (std::int64_t offset = 0;;) {
        const auto bytes = read_at(scratch_.get(), offset, piece, name_);
        if (bytes.empty()) break;
        out_.write(bytes);
        offset += static_cast<std::int64_t>(bytes.size());
    }
    out_.flush();
}

}  // namespace patchpipe
