// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "audio/sound_file.h"

#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <iterator>
#include <limits>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/words.h"

namespace patchpipe {
namespace {

std::string words_of(SNDFILE* file) { return printable(sf_strerror(file)); }

}  // namespace

bool finds_frames(const SF_INFO& info) {
    constexpr int containers[] = {SF_FORMAT_WAV,  SF_FORMAT_WAVEX, SF_FORMAT_RF64, SF_FORMAT_W64,
                                  SF_FORMAT_AIFF, SF_FORMAT_AU,    SF_FORMAT_CAF,  SF_FORMAT_FLAC};
    constexpr int samples[] = {SF_FORMAT_PCM_S8, SF_FORMAT_PCM_U8, SF_FORMAT_PCM_16,
                               SF_FORMAT_PCM_24, SF_FORMAT_PCM_32, SF_FORMAT_FLOAT,
                               SF_FORMAT_DOUBLE, SF_FORMAT_ULAW,   SF_FORMAT_ALAW};
    const auto has = [](const auto& list, int format) {
        return std::find(std::begin(list), std::end(list), format) != std::end(list);
    };
    return info.seekable != 0 && has(containers, info.format & SF_FORMAT_TYPEMASK) &&
           has(samples, info.format & SF_FORMAT_SUBMASK);
}

SoundFile::SoundFile(const std::string& path, int fd, std::function<void()> working)
    : path_(path), fd_(fd), working_(std::move(working)) {
    if (is_uncounted_mp3(fd, path)) uncounted_.emplace(fd, path);
    open();
}

SoundFile::~SoundFile() { sf_close(file_); }

// A FLAC file that was written to a pipe has no length, which libsndfile gives as the largest
// number. No file has a tenth of that.
bool SoundFile::knows_frames() const {
    constexpr auto most_stated = std::int64_t{1} << 60;
    return counted_ || (!uncounted_ && info_.frames < most_stated);
}

// Reads a file to its end if only that tells.
std::int64_t SoundFile::frames() {
    if (!knows_frames()) {
        const auto at = at_;
        skip_to(std::numeric_limits<std::int64_t>::max());
        counted_ = at_;
        seek(at);
    }
    return counted_.value_or(info_.frames);
}

int SoundFile::read(double* samples, int frames) {
    const int got = read_whole(samples, frames);
    if (fault_) throw *fault_;
    return got;
}

int SoundFile::read_whole(double* samples, int frames) {
    if (fault_) throw *fault_;
    return read_of(frames, sf_readf_double(file_, samples, frames));
}

int SoundFile::read_whole(float* samples, int frames) {
    if (fault_) throw *fault_;
    return read_of(frames, sf_readf_float(file_, samples, frames));
}

int SoundFile::read_of(int frames, std::int64_t got) {
    if (uncounted_) uncounted_->check();
    if (got < frames && sf_error(file_) != SF_ERR_NO_ERROR && !is_behind_end(at_ + got))
        fault_.emplace(ErrorKind::corrupt, path_,
                       "cannot be read to its end; libsndfile says: " + words_of(file_));
    at_ += got;
    if (!knows_frames() && got < frames && !fault_) counted_ = at_;
    return static_cast<int>(got);
}

// An error there is about something else than audio: a tag that libsndfile takes for a frame of
// FLAC, or the beginning of a frame that the file of an MP3 encoder that was stopped ends in.
bool SoundFile::is_behind_end(std::int64_t frame) const {
    return uncounted_ ? uncounted_->ended() : knows_frames() && frame >= info_.frames;
}

void SoundFile::seek(std::int64_t frame) {
    if (frame == at_) return;
    fault_.reset();
    const bool fast = finds_frames(info_);
    if (fast && sf_seek(file_, frame, SEEK_SET) == frame) {
        at_ = frame;
        return;
    }
    if (fast || frame < at_) begin_again();
    skip_to(frame);
}

// The position may be where another reader of the same open file left it.
void SoundFile::open() {
    if (::lseek(fd_, 0, SEEK_SET) != 0) throw Error(ErrorKind::io, path_, system_message(errno));
    file_ = uncounted_ ? uncounted_->open(info_) : sf_open_fd(fd_, SFM_READ, &info_, SF_FALSE);
    if (!file_)
        throw Error(ErrorKind::unsupported, path_,
                    "cannot be read as audio; libsndfile says: " + words_of(nullptr));
}

void SoundFile::begin_again() {
    sf_close(std::exchange(file_, nullptr));
    const auto channels = std::exchange(info_, {}).channels;
    open();
    if (info_.channels != channels)
        throw Error(ErrorKind::io, path_, "was changed while it was read");
    at_ = 0;
}

// Reads all before the frame, at most to the end.
void SoundFile::skip_to(std::int64_t frame) {
    constexpr std::int64_t piece = 4096;
    std::vector<double> dropped(static_cast<std::size_t>(piece * info_.channels));
    for (; at_ < frame; working_())
        if (read(dropped.data(), static_cast<int>(std::min(piece, frame - at_))) == 0) return;
}

}  // namespace patchpipe
