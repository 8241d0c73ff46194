// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// libsndfile writes a header, then frames, and at the end goes back and writes the header again
// with the lengths in it. Here that header is wanted first. So a file of the same length is written
// once without being kept, only its last frame in fact: the header at its end is the right one.

#include "audio/wav_encoder.h"

#include <sndfile.h>
#include <algorithm>
#include <exception>
#include <stdexcept>
#include <utility>

#include "record/error.h"

namespace patchpipe {
namespace {

[[noreturn]] void unsupported(const std::string& what) {
    throw Error(ErrorKind::unsupported, "format wav", what);
}

int bytes_per_sample(AudioFormat::Depth depth) {
    switch (depth) {
        case AudioFormat::Depth::pcm16:
            return 2;
        case AudioFormat::Depth::pcm24:
            return 3;
        case AudioFormat::Depth::float32:
            break;
    }
    return 4;
}

int sndfile_depth(AudioFormat::Depth depth) {
    switch (depth) {
        case AudioFormat::Depth::pcm16:
            return SF_FORMAT_PCM_16;
        case AudioFormat::Depth::pcm24:
            return SF_FORMAT_PCM_24;
        case AudioFormat::Depth::float32:
            break;
    }
    return SF_FORMAT_FLOAT;
}

// A RIFF file's length has 32 bits; the header takes less than a kilobyte of it.
void check_length(const AudioFormat& format) {
    constexpr std::int64_t most_bytes = 0xffffffff - 1024;
    const auto frame_bytes = std::int64_t{format.channels} * bytes_per_sample(format.depth);
    if (format.frames > most_bytes / frame_bytes)
        unsupported("holds less than 4 GiB, which is " + std::to_string(most_bytes / frame_bytes) +
                    " frames, not " + std::to_string(format.frames) +
                    "; use npy, or a shorter length");
}

// libsndfile itself, given floats and told to clip, rounds down: what is just below 0 becomes -1.
// The number added and taken away leaves a double no room for a fraction, so the processor rounds
// to the nearest integer, ties to even. The order of min's and max's operands lets NaN end as the
// lowest value.
template <typename Step>
Step nearest_step(float sample, double full_scale) {
    constexpr double no_fraction = 6755399441055744.0;  // 1.5 * 2^52
    const double scaled = std::min(full_scale - 1, std::max(-full_scale, sample * full_scale));
    return static_cast<Step>(scaled + no_fraction - no_fraction);
}

}  // namespace

// libsndfile over a file of which only the header is kept; the frames are handed on.
class WavEncoder::File {
 public:
    File(const AudioFormat& format, const Take& take) : take_(take) {
        SF_VIRTUAL_IO io{.get_filelen = [](void* self) { return of(self).end_; },
                         .seek = [](sf_count_t offset, int whence,
                                    void* self) { return of(self).seek(offset, whence); },
                         .read = [](void*, sf_count_t, void*) { return sf_count_t{0}; },
                         .write = [](const void* bytes, sf_count_t size,
                                     void* self) { return of(self).write(bytes, size); },
                         .tell = [](void* self) { return of(self).position_; }};
        SF_INFO info{};
        info.samplerate = format.sample_rate;
        info.channels = format.channels;
        info.format = SF_FORMAT_WAV | sndfile_depth(format.depth);
        file_ = sf_open_virtual(&io, SFM_WRITE, &info, this);
        if (!file_)
            unsupported("libsndfile refuses " + std::to_string(format.channels) + " channels at " +
                        std::to_string(format.sample_rate) + " Hz: " + sf_strerror(nullptr));
        // Its chunk has the time of day in it.
        sf_command(file_, SFC_SET_ADD_PEAK_CHUNK, nullptr, SF_FALSE);
        if (!format.comment.empty()) add_comment(format.comment);
        in_header_ = false;
    }

    // If it was not closed, something failed, and nobody wants the last bytes.
    ~File() {
        abandoned_ = true;
        if (file_) sf_close(file_);
    }
    File(const File&) = delete;
    File& operator=(const File&) = delete;

    [[nodiscard]] SNDFILE* handle() const { return file_; }
    [[nodiscard]] const std::string& header() const { return header_; }

    // Of one of libsndfile's functions that write.
    void check(bool done) const {
        if (failure_) std::rethrow_exception(failure_);
        if (!done) throw std::logic_error(std::string("libsndfile: ") + sf_strerror(file_));
    }

    void close() {
        const bool closed = sf_close(std::exchange(file_, nullptr)) == 0;
        if (failure_) std::rethrow_exception(failure_);
        if (!closed) throw std::logic_error("libsndfile: a file could not be closed");
    }

 private:
    static File& of(void* self) { return *static_cast<File*>(self); }

    void add_comment(const std::string& comment) {
        check(sf_set_string(file_, SF_STR_COMMENT, comment.c_str()) == 0);
        // Moves the first frame behind it, as long as there is none.
        sf_command(file_, SFC_UPDATE_HEADER_NOW, nullptr, 0);
    }

    sf_count_t seek(sf_count_t offset, int whence) {
        position_ = offset + (whence == SEEK_CUR ? position_ : whence == SEEK_END ? end_ : 0);
        return position_;
    }

    // No exception may go through libsndfile, which is C.
    sf_count_t write(const void* bytes, sf_count_t size) try {
        const std::string_view piece(static_cast<const char*>(bytes),
                                     static_cast<std::size_t>(size));
        const auto at = static_cast<std::size_t>(position_);
        if (in_header_ || at < header_.size()) {
            header_.resize(std::max(header_.size(), at + piece.size()));
            header_.replace(at, piece.size(), piece);
        } else if (!abandoned_ && !failure_) {
            take_(piece);
        }
        position_ += size;
        end_ = std::max(end_, position_);
        return size;
    } catch (...) {
        failure_ = std::current_exception();
        return 0;
    }

    const Take& take_;
    std::string header_;
    bool in_header_ = true, abandoned_ = false;
    sf_count_t position_ = 0, end_ = 0;
    std::exception_ptr failure_;
    SNDFILE* file_ = nullptr;
};

WavEncoder::WavEncoder(const AudioFormat& format, Take take)
    : format_(format), take_(std::move(take)) {
    check_length(format);
    const Take drop = [](std::string_view) {};
    File unkept(format, drop);
    if (format.frames > 0) {
        const std::vector<float> silence(static_cast<std::size_t>(format.channels));
        unkept.check(sf_seek(unkept.handle(), format.frames - 1, SEEK_SET) >= 0);
        unkept.check(sf_writef_float(unkept.handle(), silence.data(), 1) == 1);
    }
    unkept.close();
    header_ = unkept.header();
    file_ = std::make_unique<File>(format_, take_);
}

WavEncoder::~WavEncoder() = default;

void WavEncoder::write(const float* samples, int frames) {
    if (!std::exchange(header_out_, true)) take_(header_);
    const auto size = static_cast<std::size_t>(frames) * static_cast<std::size_t>(format_.channels);
    sf_count_t written = 0;
    if (format_.depth == AudioFormat::Depth::pcm16) {
        steps_16_.resize(size);
        std::transform(samples, samples + size, steps_16_.begin(),
                       [](float x) { return nearest_step<std::int16_t>(x, 1 << 15); });
        written = sf_writef_short(file_->handle(), steps_16_.data(), frames);
    } else if (format_.depth == AudioFormat::Depth::pcm24) {
        steps_24_.resize(size);
        // libsndfile takes the upper three bytes of four.
        std::transform(samples, samples + size, steps_24_.begin(),
                       [](float x) { return nearest_step<std::int32_t>(x, 1 << 23) * 256; });
        written = sf_writef_int(file_->handle(), steps_24_.data(), frames);
    } else {
        written = sf_writef_float(file_->handle(), samples, frames);
    }
    file_->check(written == frames);
}

void WavEncoder::close() {
    if (!std::exchange(header_out_, true)) take_(header_);
    file_->close();
    if (file_->header() != header_)
        throw std::logic_error("libsndfile's header at the end is another than at the beginning");
}

}  // namespace patchpipe
