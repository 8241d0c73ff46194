// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "audio/audio_reader.h"

#include <fcntl.h>
#include <sndfile.h>
#include <sys/stat.h>
#include <unistd.h>
#include <algorithm>
#include <bit>
#include <cerrno>
#include <limits>
#include <utility>
#include <vector>

#include "audio/npy_header.h"
#include "audio/read_tags.h"
#include "audio/speaker_order.h"
#include "audio/uncounted_mp3.h"
#include "base/descriptor.h"
#include "base/error.h"
#include "base/words.h"
#include "file/offset.h"
#include "file/pipe_copy.h"

static_assert(std::endian::native == std::endian::little, "npy samples are taken as they lie");

namespace patchpipe {
namespace {

Error io_error(const std::string& path) {
    return Error(ErrorKind::io, path, system_message(errno));
}

struct stat status_of(const std::string& path, int fd) {
    struct stat info {};
    if (::fstat(fd, &info) != 0) throw io_error(path);
    return info;
}

// Read as a file, it would never end: this program keeps it open.
bool is_own_output(const struct stat& info) {
    struct stat out {};
    return ::fstat(STDOUT_FILENO, &out) == 0 && out.st_dev == info.st_dev &&
           out.st_ino == info.st_ino;
}

}  // namespace

Descriptor open_audio(const std::string& path) {
    auto file = open_to_read(path);
    if (file.get() < 0 && (errno == ENOENT || errno == ENOTDIR))
        throw Error(ErrorKind::not_found, path, "there is no such file");
    if (file.get() < 0) throw io_error(path);
    const auto info = status_of(path, file.get());
    const auto mode = info.st_mode;
    if (S_ISREG(mode)) return file;
    if (is_own_output(info))
        throw Error(ErrorKind::unsupported, path,
                    "is the pipe that this program writes to; write the audio to a file");
    // libsndfile seeks in a file.
    if (S_ISFIFO(mode)) return copy_pipe(file.get(), path, path);
    throw Error(ErrorKind::unsupported, path,
                S_ISDIR(mode) ? "is a folder; name a file in it" : "is neither a file nor a pipe");
}

namespace {

// Whether libsndfile finds every frame exactly.
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

}  // namespace

class AudioReader::SoundFile {
 public:
    SoundFile(const std::string& path, int fd) : path_(path), fd_(fd) {
        if (is_uncounted_mp3(fd, path)) uncounted_.emplace(fd, path);
        open();
    }
    ~SoundFile() { sf_close(file_); }
    SoundFile(const SoundFile&) = delete;
    SoundFile& operator=(const SoundFile&) = delete;

    [[nodiscard]] const SF_INFO& info() const { return info_; }

    // Reads an MP3 file to its end if only that tells.
    std::int64_t frames() {
        if (uncounted_ && !counted_) {
            const auto at = at_;
            skip_to(std::numeric_limits<std::int64_t>::max());
            counted_ = at_;
            seek(at);
        }
        return counted_.value_or(info_.frames);
    }

    int read(double* samples, int frames) {
        const auto got = sf_readf_double(file_, samples, frames);
        if (uncounted_) uncounted_->check();
        if (got < frames && sf_error(file_) != SF_ERR_NO_ERROR)
            throw Error(ErrorKind::corrupt, path_,
                        "cannot be read to its end; libsndfile says: " + words(file_));
        const int codec = info_.format & SF_FORMAT_SUBMASK;
        if (codec == SF_FORMAT_VORBIS || codec == SF_FORMAT_OPUS)
            from_vorbis_order({samples, static_cast<std::size_t>(got * info_.channels)},
                              info_.channels);
        at_ += got;
        if (uncounted_ && got < frames) counted_ = at_;
        return static_cast<int>(got);
    }

    void seek(std::int64_t frame) {
        if (frame == at_) return;
        if (seeks_fast() && sf_seek(file_, frame, SEEK_SET) == frame) {
            at_ = frame;
            return;
        }
        if (seeks_fast() || frame < at_) begin_again();
        skip_to(frame);
    }

    [[nodiscard]] bool seeks_fast() const { return finds_frames(info_); }

 private:
    static std::string words(SNDFILE* file) { return printable(sf_strerror(file)); }

    void open() {
        file_ = uncounted_ ? uncounted_->open(info_) : sf_open_fd(fd_, SFM_READ, &info_, SF_FALSE);
        if (!file_)
            throw Error(ErrorKind::unsupported, path_,
                        "cannot be read as audio; libsndfile says: " + words(nullptr));
    }

    void begin_again() {
        sf_close(std::exchange(file_, nullptr));
        if (::lseek(fd_, 0, SEEK_SET) != 0) throw io_error(path_);
        info_ = {};
        open();
        at_ = 0;
    }

    // Reads all before the frame, at most to the end.
    void skip_to(std::int64_t frame) {
        constexpr std::int64_t piece = 4096;
        std::vector<double> dropped(static_cast<std::size_t>(piece * info_.channels));
        while (at_ < frame)
            if (read(dropped.data(), static_cast<int>(std::min(piece, frame - at_))) == 0) return;
    }

    const std::string& path_;
    int fd_;
    SF_INFO info_{};
    std::optional<UncountedMp3> uncounted_ = {};
    std::optional<std::int64_t> counted_ = {};  // frames, when its end was reached
    SNDFILE* file_ = nullptr;
    std::int64_t at_ = 0;  // frames
};

class AudioReader::NpyFile {
 public:
    NpyFile(const std::string& path, int fd, const NpyHeader& header)
        : path_(path), fd_(fd), header_(header) {
        const auto size = status_of(path, fd).st_size;
        const auto data = size - static_cast<std::int64_t>(header.data_begin);
        if (header.frames > data / (sample_size * header.channels))
            throw Error(ErrorKind::corrupt, path,
                        "is cut short: its npy header announces " +
                            std::to_string(header.channels) + " channels of " +
                            std::to_string(header.frames) + " frames; write it again");
    }

    [[nodiscard]] int channels() const { return header_.channels; }
    [[nodiscard]] std::int64_t frames() const { return header_.frames; }

    int read(double* samples, int frames) {
        const auto count = static_cast<int>(std::min<std::int64_t>(frames, header_.frames - at_));
        const auto stride = static_cast<std::int64_t>(header_.channels);
        if (header_.frame_by_frame) {
            take(at_ * stride, static_cast<std::size_t>(count * stride), samples, 1);
        } else {
            for (std::int64_t channel = 0; channel < stride; ++channel)
                take(channel * header_.frames + at_, static_cast<std::size_t>(count),
                     samples + channel, static_cast<std::size_t>(stride));
        }
        at_ += count;
        return count;
    }

    void seek(std::int64_t frame) { at_ = frame; }

 private:
    static constexpr std::int64_t sample_size = sizeof(float);

    // Reads count samples of the file, from index on, into every stride-th place of out.
    void take(std::int64_t index, std::size_t count, double* out, std::size_t stride) {
        piece_.resize(count);
        const auto size = count * sizeof(float);
        const auto offset = static_cast<std::int64_t>(header_.data_begin) + index * sample_size;
        if (read_at(fd_, offset, piece_.data(), size, path_) < size)
            throw Error(ErrorKind::io, path_, "became shorter while it was read");
        for (std::size_t i = 0; i < count; ++i) out[i * stride] = piece_[i];
    }

    const std::string& path_;
    int fd_;
    NpyHeader header_;
    std::int64_t at_ = 0;  // frames
    std::vector<float> piece_;
};

AudioReader::AudioReader(const std::string& path) : AudioReader(open_audio(path), path) {}

AudioReader::AudioReader(Descriptor file, std::string name)
    : path_(std::move(name)), file_(std::move(file)) {
    const auto begin = read_at(file_.get(), 0, largest_npy_header, path_);
    if (is_npy(begin))
        npy_ = std::make_unique<NpyFile>(path_, file_.get(), parse_npy_header(begin, path_));
    else
        sound_ = std::make_unique<SoundFile>(path_, file_.get());
}

AudioReader::~AudioReader() = default;

std::optional<AudioFormat::Container> AudioReader::container() const {
    if (npy_) return AudioFormat::Container::npy;
    switch (sound_->info().format & SF_FORMAT_TYPEMASK) {
        case SF_FORMAT_WAV:
        case SF_FORMAT_WAVEX:
            return AudioFormat::Container::wav;
        case SF_FORMAT_RF64:
            return AudioFormat::Container::rf64;
        case SF_FORMAT_W64:
            return AudioFormat::Container::w64;
        case SF_FORMAT_AIFF:
            return AudioFormat::Container::aiff;
        case SF_FORMAT_FLAC:
            return AudioFormat::Container::flac;
        case SF_FORMAT_MPEG:
            return AudioFormat::Container::mp3;
        case SF_FORMAT_OGG:
            if ((sound_->info().format & SF_FORMAT_SUBMASK) == SF_FORMAT_OPUS)
                return AudioFormat::Container::opus;
            return AudioFormat::Container::ogg;
        default:
            return {};
    }
}

int AudioReader::channels() const { return npy_ ? npy_->channels() : sound_->info().channels; }

std::int64_t AudioReader::frames() const { return npy_ ? npy_->frames() : sound_->frames(); }

std::optional<int> AudioReader::sample_rate() const {
    if (npy_) return {};
    return sound_->info().samplerate;
}

AudioTags AudioReader::tags() const { return read_audio_tags(file_.get(), path_); }

std::optional<AudioFormat::Depth> AudioReader::depth() const {
    if (npy_) return AudioFormat::Depth::float32;
    switch (sound_->info().format & SF_FORMAT_SUBMASK) {
        case SF_FORMAT_PCM_S8:
        case SF_FORMAT_PCM_U8:
        case SF_FORMAT_PCM_16:
        case SF_FORMAT_ALAC_16:
            return AudioFormat::Depth::pcm16;
        case SF_FORMAT_PCM_24:
        case SF_FORMAT_PCM_32:
        case SF_FORMAT_ALAC_20:
        case SF_FORMAT_ALAC_24:
        case SF_FORMAT_ALAC_32:
            return AudioFormat::Depth::pcm24;
        case SF_FORMAT_FLOAT:
        case SF_FORMAT_DOUBLE:
            return AudioFormat::Depth::float32;
        default:
            return {};
    }
}

int AudioReader::read(double* samples, int frames) {
    return npy_ ? npy_->read(samples, frames) : sound_->read(samples, frames);
}

bool AudioReader::seeks_fast() const { return npy_ || sound_->seeks_fast(); }

void AudioReader::seek(std::int64_t frame) { npy_ ? npy_->seek(frame) : sound_->seek(frame); }

}  // namespace patchpipe
