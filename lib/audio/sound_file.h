// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// libsndfile, in this process. Only for lib/audio.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "audio/sound.h"
#include "audio/uncounted_mp3.h"
#include "base/error.h"

namespace patchpipe {

class SoundFile : public Sound {
 public:
    /// Reads the header. The descriptor stays the caller's, and its position is used. path is for
    /// messages, and must live as long as this. working is called now and then while much is
    /// skipped. Throws as AudioReader's constructor does.
    SoundFile(
        const std::string& path, int fd, std::function<void()> working = [] {});
    ~SoundFile() override;
    SoundFile(const SoundFile&) = delete;
    SoundFile& operator=(const SoundFile&) = delete;

    [[nodiscard]] const SF_INFO& info() const override { return info_; }
    [[nodiscard]] std::int64_t frames() override;
    [[nodiscard]] int read(double* samples, int frames) override;
    void seek(std::int64_t frame) override;

    /// As read(), but returns fewer frames also where the rest cannot be decoded; the next call
    /// throws for that.
    [[nodiscard]] int read_whole(double* samples, int frames);
    /// The same in single precision, which does not hold the samples of every file exactly.
    [[nodiscard]] int read_whole(float* samples, int frames);

    /// True if read_whole() will throw next.
    [[nodiscard]] bool has_fault() const { return fault_.has_value(); }

    /// False if frames() would have to read the file to its end.
    [[nodiscard]] bool knows_frames() const;

 private:
    void open();
    void begin_again();
    void skip_to(std::int64_t frame);
    [[nodiscard]] bool is_behind_end(std::int64_t frame) const;
    [[nodiscard]] int read_of(int frames, std::int64_t got);

    const std::string& path_;
    int fd_;
    std::function<void()> working_;
    SF_INFO info_{};
    std::optional<UncountedMp3> uncounted_ = {};
    std::optional<std::int64_t> counted_ = {};  // frames, when its end was reached
    std::optional<Error> fault_ = {};           // of what comes next
    SNDFILE* file_ = nullptr;
    std::int64_t at_ = 0;  // frames
};

}  // namespace patchpipe
