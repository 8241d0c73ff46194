// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A file that libsndfile reads in a process of its own (decoder.h). If that ends over another file,
// this one is opened in the next. Only for lib/audio.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "audio/decoder.h"
#include "audio/sound.h"

namespace patchpipe {

class DecodedFile : public Sound {
 public:
    /// Reads the header. The descriptor stays the caller's, and its position is used. path is for
    /// messages; both must live as long as this. Throws as AudioReader's constructor does.
    DecodedFile(const std::string& path, int fd);
    ~DecodedFile() override;
    DecodedFile(const DecodedFile&) = delete;
    DecodedFile& operator=(const DecodedFile&) = delete;

    [[nodiscard]] const SF_INFO& info() const override { return info_; }
    [[nodiscard]] std::int64_t frames() override;
    [[nodiscard]] int read(double* samples, int frames) override;
    void seek(std::int64_t frame) override { at_ = frame; }

 private:
    void open();
    [[nodiscard]] DecoderReply ask(DecoderVerb verb);
    void copy(std::size_t first, std::span<double> samples) const;
    void refuse_failure(const DecoderReply& reply) const;
    [[noreturn]] void fail(const DecoderEnd& end) const;

    const std::string& path_;
    int fd_;
    DecoderPlace place_{};
    std::uint64_t process_ = 0;  // in which it is open
    SF_INFO info_{};
    std::optional<std::int64_t> frames_;  // of all the file, once they are known
    std::int64_t at_ = 0;                 // the frame that is read next
    DecodedBlock block_;
};

}  // namespace patchpipe
