// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "audio/packed_audio.h"

#include <sndfile.h>
#include <algorithm>
#include <cerrno>
#include <limits>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "audio/ogg_pages.h"
#include "audio/samples.h"
#include "audio/sndfile_target.h"
#include "base/error.h"
#include "base/words.h"
#include "file/offset.h"

namespace patchpipe {

// libsndfile does not always report a full disk, so this remembers the first error.
class PackedAudio::Target : public SndfileTarget {
 public:
    Target(int fd, const std::string& name) : fd_(fd), name_(name) {}

    [[nodiscard]] int fd() const { return fd_; }
    [[nodiscard]] const std::optional<Error>& failure() const { return failure_; }

 private:
    sf_count_t read(sf_count_t at, void* bytes, sf_count_t size) noexcept override try {
        return static_cast<sf_count_t>(
            read_at(fd_, at, bytes, static_cast<std::size_t>(size), name_));
    } catch (const Error& error) {
        return fail(error);
    }

    sf_count_t write(sf_count_t at, std::string_view bytes) noexcept override try {
        if (!failure_) write_at(fd_, at, bytes, name_);
        return static_cast<sf_count_t>(bytes.size());
    } catch (const Error& error) {
        return fail(error);
    }

    sf_count_t fail(const Error& error) noexcept {
        failure_ = error;
        return 0;
    }

    int fd_;
    std::string name_;
    std::optional<Error> failure_;
};

namespace {

// From 0 to 1; about 192 kbit/s for stereo at 44.1 kHz.
constexpr double vorbis_quality = 0.6;

int sndfile_format(const AudioFormat& format) {
    if (format.container == AudioFormat::Container::ogg) return SF_FORMAT_OGG | SF_FORMAT_VORBIS;
    return SF_FORMAT_FLAC |
           (format.depth == AudioFormat::Depth::pcm16 ? SF_FORMAT_PCM_16 : SF_FORMAT_PCM_24);
}

}  // namespace

void PackedAudio::Close::operator()(sf_private_tag* file) const { sf_close(file); }

PackedAudio::PackedAudio(int fd, const AudioFormat& format, std::string name)
    : format_(format), name_(std::move(name)), target_(std::make_unique<Target>(fd, name_)) {
    SF_INFO info{};
    info.samplerate = format.sample_rate;
    info.channels = format.channels;
    info.format = sndfile_format(format);
    const bool flac = format.container == AudioFormat::Container::flac;
    if (flac && format.frames == 0)
        throw Error(ErrorKind::unsupported, "format flac",
                    "cannot be written without frames; render a longer file, or use wav");
    file_.reset(target_->open(info));
    check(file_ != nullptr);
    if (format.container == AudioFormat::Container::ogg) {
        auto quality = vorbis_quality;
        check(sf_command(file_.get(), SFC_SET_VBR_ENCODING_QUALITY, &quality, sizeof quality) ==
              SF_TRUE);
    }
    if (!format.comment.empty())
        check(sf_set_string(file_.get(), SF_STR_COMMENT, format.comment.c_str()) == 0);
}

PackedAudio::~PackedAudio() = default;

// A Vorbis encoder's output for the first frames depends on how many it is given at once.
void PackedAudio::write(std::span<const float> samples) {
    constexpr std::size_t piece_frames = 4096;
    const auto piece = piece_frames * static_cast<std::size_t>(format_.channels);
    while (!samples.empty()) {
        const auto taken = samples.first(std::min(samples.size(), piece - gathered_.size()));
        gathered_.insert(gathered_.end(), taken.begin(), taken.end());
        samples = samples.subspan(taken.size());
        if (gathered_.size() < piece) return;
        encode(gathered_);
        gathered_.clear();
    }
}

void PackedAudio::encode(std::span<const float> samples) {
    const auto count = static_cast<sf_count_t>(samples.size());
    if (format_.container == AudioFormat::Container::ogg) {
        clip(samples, clipped_);
        check(sf_write_float(file_.get(), clipped_.data(), count) == count);
    } else {
        quantise(samples, format_.depth, steps_);
        check(sf_write_int(file_.get(), steps_.data(), count) == count);
    }
}

void PackedAudio::finish() {
    if (!gathered_.empty()) encode(gathered_);
    const bool closed = sf_close(file_.release()) == 0;
    check(closed);
    if (format_.container == AudioFormat::Container::ogg)
        seal_ogg_pages(target_->fd(), std::numeric_limits<std::int64_t>::max(), name_);
}

void PackedAudio::replace_comment(const std::string& text) {
    write_at(target_->fd(), comment_begin(), text, name_);
    format_.comment = text;
    if (format_.container == AudioFormat::Container::ogg)
        seal_ogg_pages(target_->fd(), comment_end(), name_);
}

// Both containers store the text unchanged, before all audio.
std::int64_t PackedAudio::comment_begin() const {
    constexpr std::size_t most_header = std::size_t{1} << 16;
    const auto begin = read_at(target_->fd(), 0, most_header, name_).find(format_.comment);
    if (begin == std::string::npos) throw std::logic_error("libsndfile has changed a comment");
    return static_cast<std::int64_t>(begin);
}

std::int64_t PackedAudio::comment_end() const {
    return comment_begin() + static_cast<std::int64_t>(format_.comment.size());
}

void PackedAudio::check(bool done) const {
    if (target_->failure()) throw *target_->failure();
    if (done) return;
    const bool ogg = format_.container == AudioFormat::Container::ogg;
    throw Error(ErrorKind::unsupported, ogg ? "format ogg" : "format flac",
                "libsndfile refuses " + std::to_string(format_.channels) + " channels at " +
                    std::to_string(format_.sample_rate) + " Hz (" +
                    printable(sf_strerror(file_.get())) + "); " +
                    (ogg ? "Ogg Vorbis takes up to 255" : "FLAC takes up to 8") +
                    " channels; use wav for this one");
}

}  // namespace patchpipe
