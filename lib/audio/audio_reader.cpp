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

#include "audio/decoded_file.h"
#include "audio/foreign_audio.h"
#include "audio/npy_header.h"
#include "audio/read_tags.h"
#include "audio/sound_file.h"
#include "audio/speaker_order.h"
#include "base/descriptor.h"
#include "base/error.h"
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

// What reads audio keeps windows of a part of a second in memory, and a damaged header must not
// choose how long they are.
void check_rate(const SF_INFO& info, const std::string& path) {
    constexpr std::int64_t fastest = 768000, most_channels_at_96000 = 1024;
    constexpr auto most = most_channels_at_96000 * 96000;
    if (info.samplerate > fastest)
        throw Error(ErrorKind::unsupported, path,
                    "states a sample rate of " + std::to_string(info.samplerate) +
                        " Hz; the most is " + std::to_string(fastest));
    if (std::int64_t{info.channels} * info.samplerate > most)
        throw Error(ErrorKind::unsupported, path,
                    "states " + std::to_string(info.channels) + " channels at " +
                        std::to_string(info.samplerate) + " Hz; the most together is " +
                        std::to_string(most) + " samples a second, so resample it");
}

Descriptor known_audio(Descriptor file, const std::string& path) {
    return is_foreign_audio(file.get()) ? decode_foreign(file.get(), path) : std::move(file);
}

}  // namespace

Descriptor open_audio(const std::string& path) {
    auto file = open_to_read(path);
    if (file.get() < 0 && (errno == ENOENT || errno == ENOTDIR))
        throw Error(ErrorKind::not_found, path, "there is no such file");
    if (file.get() < 0) throw io_error(path);
    const auto info = status_of(path, file.get());
    const auto mode = info.st_mode;
    if (S_ISREG(mode)) return known_audio(std::move(file), path);
    if (is_own_output(info))
        throw Error(ErrorKind::unsupported, path,
                    "is the pipe that this program writes to; write the audio to a file");
    // libsndfile seeks in a file.
    if (S_ISFIFO(mode)) return known_audio(copy_pipe(file.get(), path, path), path);
    throw Error(ErrorKind::unsupported, path,
                S_ISDIR(mode) ? "is a folder; name a file in it" : "is neither a file nor a pipe");
}

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

AudioReader::AudioReader(const std::string& path, Decoding decoding)
    : AudioReader(open_audio(path), path, decoding) {}

AudioReader::AudioReader(Descriptor file, std::string name, Decoding decoding)
    : path_(std::move(name)), file_(std::move(file)) {
    const auto begin = read_at(file_.get(), 0, largest_npy_header, path_);
    if (is_npy(begin))
        npy_ = std::make_unique<NpyFile>(path_, file_.get(), parse_npy_header(begin, path_));
    else if (decoding == Decoding::here)
        sound_ = std::make_unique<SoundFile>(path_, file_.get());
    else
        sound_ = std::make_unique<DecodedFile>(path_, file_.get());
    if (sound_) check_rate(sound_->info(), path_);
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
    if (npy_) return npy_->read(samples, frames);
    const int got = sound_->read(samples, frames);
    const auto& info = sound_->info();
    const int codec = info.format & SF_FORMAT_SUBMASK;
    if (codec == SF_FORMAT_VORBIS || codec == SF_FORMAT_OPUS)
        from_vorbis_order(
            {samples, static_cast<std::size_t>(got) * static_cast<std::size_t>(info.channels)},
            info.channels);
    return got;
}

bool AudioReader::seeks_fast() const { return npy_ || finds_frames(sound_->info()); }

void AudioReader::seek(std::int64_t frame) { npy_ ? npy_->seek(frame) : sound_->seek(frame); }

}  // namespace patchpipe
