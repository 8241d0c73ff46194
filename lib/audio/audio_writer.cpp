// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "audio/audio_writer.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "audio/aac.h"
#include "audio/npy_header.h"
#include "audio/packed_audio.h"
#include "audio/plain_header.h"
#include "audio/samples.h"
#include "base/error.h"
#include "file/nameless_file.h"
#include "file/offset.h"

namespace patchpipe {
namespace {

using Container = AudioFormat::Container;

std::string padded(std::string text, std::size_t size) {
    if (text.size() < size) text.resize(size, ' ');
    return text;
}

bool is_packed(Container container) {
    return container == Container::flac || container == Container::ogg ||
           container == Container::opus || container == Container::mp3;
}

void check_length(std::string_view name, std::size_t size, std::size_t most) {
    if (size > most)
        throw Error(ErrorKind::unsupported, "tags",
                    std::string(name) + " has " + std::to_string(size) +
                        " bytes, and the most is " + std::to_string(most) + "; shorten it");
}

// See most_comment().
void check_tags(const AudioFormat& format) {
    constexpr std::size_t most = 16000, most_of_text = 8000;
    if (format.container == Container::npy) return;
    std::size_t all = 0;
    for (const auto& field : format.tags.fields) {
        check_length(field.name, field.value.size(), most_of_text);
        all += field.name.size() + field.value.size();
    }
    check_length("the comment", std::max(format.tags.comment.size(), format.comment_room),
                 most_comment(format.container));
    check_length("the text of all", all, most);
}

}  // namespace

AudioWriter::AudioWriter(int fd, Medium medium, const AudioFormat& format, std::string name)
    : fd_(fd),
      name_(std::move(name)),
      samples_left_(format.frames * format.channels),
      container_(format.container),
      depth_(format.depth),
      out_(fd, name_),
      medium_(medium) {
    if (format.channels < 1 || format.frames < 0)
        throw std::logic_error("an audio file of no channels, or of a negative length");
    check_container(format);
    check_tags(format);
    if (format.container == Container::m4a)
        begin_aac(format);
    else if (is_packed(format.container))
        begin_packed(medium, format);
    else
        begin_plain(medium, format);
}

AudioWriter::~AudioWriter() = default;

void AudioWriter::begin_plain(Medium medium, AudioFormat format) {
    if (format.container == Container::npy) {
        depth_ = AudioFormat::Depth::float32;
        return out_.write(build_npy_header(format.channels, format.frames));
    }
    const bool replaceable = medium == Medium::file && format.comment_room > 0;
    if (replaceable)
        format.tags.comment = padded(std::move(format.tags.comment), format.comment_room);
    const auto header = plain_header(format);
    padding_ = header.padding;
    comment_begin_ = header.comment_begin;
    if (replaceable) comment_size_ = header.comment_size;
    const auto body = comment_begin_ + comment_size_;
    out_.write(std::string_view(header.bytes).substr(0, body));
    write_body(std::string_view(header.bytes).substr(body));
}

void AudioWriter::begin_packed(Medium medium, AudioFormat format) {
    format.tags.comment = padded(std::move(format.tags.comment), format.comment_room);
    comment_size_ = format.tags.comment.size();
    if (medium == Medium::stream) scratch_ = nameless_file();
    packed_ = std::make_unique<PackedAudio>(medium == Medium::stream ? scratch_.get() : fd_, format,
                                            name_);
}

void AudioWriter::begin_aac(const AudioFormat& format) {
    aac_ = format;
    scratch_ = nameless_file();
    auto pcm = pcm_for_aac(format);
    pcm.comment_room = 0;
    pcm_ = std::make_unique<AudioWriter>(scratch_.get(), Medium::file, pcm, name_);
}

void AudioWriter::write(std::span<const float> samples) {
    samples_left_ -= static_cast<std::int64_t>(samples.size());
    if (samples_left_ < 0)
        throw std::logic_error("an audio file gets more frames than its header says");
    if (pcm_) return pcm_->write(samples);
    if (packed_) return packed_->write(samples);
    block_.clear();
    append_samples(samples, depth_, block_);
    if (container_ == Container::aiff) reverse_samples(block_, depth_);
    write_body(block_);
}

void AudioWriter::close(const FinalComment& comment) {
    if (samples_left_ != 0)
        throw std::logic_error("an audio file gets fewer frames than its header says");
    if (pcm_) return close_aac();
    if (packed_) {
        packed_->finish();
    } else {
        write_body(std::string(padding_, '\0'));
        out_.flush();
    }
    if (comment && comment_size_ > 0) replace_comment(comment);
    if (scratch_.get() >= 0) send_scratch();
}

void AudioWriter::close_aac() {
    pcm_->close();
    if (medium_ == Medium::file) return encode_aac(scratch_.get(), fd_, aac_, name_);
    auto encoded = nameless_file();
    encode_aac(scratch_.get(), encoded.get(), aac_, name_);
    scratch_ = std::move(encoded);
    send_scratch();
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
    if (packed_)
        return packed_->replace_comment(
            stored_comment(container_, comment(body(packed_->comment_end())), comment_size_));
    const auto end = static_cast<std::int64_t>(comment_begin_ + comment_size_);
    write_at(fd_, static_cast<std::int64_t>(comment_begin_),
             stored_comment(container_, comment(body(end)), comment_size_), name_);
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
