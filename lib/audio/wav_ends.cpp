// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// libsndfile writes a header, then frames, and at the end seeks back and writes the header again
// with the lengths in it. A stream needs that header first. So libsndfile writes a file of the same
// length here, of which nothing but the ends is kept and, in fact, only the last frame is written;
// the header that it writes at the end is the right one.

#include "audio/wav_ends.h"

#include <sndfile.h>
#include <algorithm>
#include <memory>
#include <stdexcept>
#include <vector>

#include "audio/sndfile_target.h"
#include "base/error.h"

namespace patchpipe {
namespace {

[[noreturn]] void unsupported(const std::string& what) {
    throw Error(ErrorKind::unsupported, "format wav", what);
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

// The length of a RIFF file has 32 bits; the header accounts for less than a kilobyte.
void check_length(const AudioFormat& format) {
    constexpr std::int64_t most_bytes = 0xffffffff - 1024;
    const auto most_frames =
        most_bytes / (std::int64_t{format.channels} * bytes_per_sample(format.depth));
    if (format.frames > most_frames)
        unsupported("holds less than 4 GiB, which is " + std::to_string(most_frames) +
                    " frames, not " + std::to_string(format.frames) +
                    "; use npy, or a shorter length");
}

// Keeps what libsndfile writes before the data, and after the data as far as it is written at all.
class Ends : public SndfileTarget {
 public:
    void begin_data() { in_header_ = false; }

    [[nodiscard]] const std::string& header() const { return header_; }
    [[nodiscard]] const std::string& rest() const { return rest_; }

 private:
    sf_count_t read(sf_count_t, void*, sf_count_t) noexcept override { return 0; }

    sf_count_t write(sf_count_t at, std::string_view piece) noexcept override {
        const auto begin = static_cast<std::size_t>(at);
        if (in_header_ || begin < header_.size()) {
            header_.resize(std::max(header_.size(), begin + piece.size()));
            header_.replace(begin, piece.size(), piece);
        } else {
            rest_ += piece;
        }
        return static_cast<sf_count_t>(piece.size());
    }

    std::string header_, rest_;
    bool in_header_ = true;
};

class Sndfile {
 public:
    Sndfile(const AudioFormat& format, Ends& ends) {
        SF_INFO info{};
        info.samplerate = format.sample_rate;
        info.channels = format.channels;
        info.format = SF_FORMAT_WAV | sndfile_depth(format.depth);
        file_.reset(ends.open(info));
        if (!file_)
            unsupported("libsndfile refuses " + std::to_string(format.channels) + " channels at " +
                        std::to_string(format.sample_rate) + " Hz: " + sf_strerror(nullptr));
        // Its chunk would contain the time of day. The call returns whether there will be one, also
        // after an error.
        check(sf_command(file_.get(), SFC_SET_ADD_PEAK_CHUNK, nullptr, SF_FALSE) == SF_FALSE &&
              sf_error(file_.get()) == SF_ERR_NO_ERROR);
    }

    void set_comment(const std::string& comment) {
        check(sf_set_string(file_.get(), SF_STR_COMMENT, comment.c_str()) == 0);
        // Moves the place of the first frame behind the comment, while there are no frames yet.
        check(sf_command(file_.get(), SFC_UPDATE_HEADER_NOW, nullptr, 0) == 0);
    }

    void write_silent_frame(std::int64_t at, int channels) {
        const std::vector<float> silence(static_cast<std::size_t>(channels));
        check(sf_seek(file_.get(), at, SEEK_SET) == at);
        check(sf_writef_float(file_.get(), silence.data(), 1) == 1);
    }

    void close() { check(sf_close(file_.release()) == 0); }

 private:
    struct Close {
        void operator()(SNDFILE* file) const { sf_close(file); }
    };

    void check(bool done) const {
        if (!done) throw std::logic_error(std::string("libsndfile: ") + sf_strerror(file_.get()));
    }

    std::unique_ptr<SNDFILE, Close> file_;
};

}  // namespace

WavEnds wav_ends(const AudioFormat& format) {
    check_length(format);
    Ends ends;
    Sndfile file(format, ends);
    if (!format.comment.empty()) file.set_comment(format.comment);
    ends.begin_data();
    if (format.frames > 0) file.write_silent_frame(format.frames - 1, format.channels);
    file.close();
    const auto frame_bytes = format.channels * bytes_per_sample(format.depth);
    return {ends.header(),
            ends.rest().substr(format.frames > 0 ? static_cast<std::size_t>(frame_bytes) : 0)};
}

}  // namespace patchpipe
