// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// MP3 files that do not state their length, such as those of sox, and all that were encoded into a
// pipe. libsndfile 1.2.0 estimates the length from the size of the file and of the first frame, and
// reads no further than that. Only for lib/audio.
#pragma once

#include <sndfile.h>
#include <cstdint>
#include <optional>
#include <string>

#include "base/error.h"

namespace patchpipe {

/// Throws Error io; name is for messages.
[[nodiscard]] bool is_uncounted_mp3(int fd, const std::string& name);

/// Such a file as libsndfile is to see it: so long that every estimate is too large, with nothing
/// between the end of its bytes and the last 128, where a tag may be.
class UncountedMp3 {
 public:
    /// The descriptor stays the caller's, and its position is not used. Throws Error io.
    UncountedMp3(int fd, std::string name);

    /// Opens it, as sf_open_fd() does. The object must live as long as what is returned.
    [[nodiscard]] SNDFILE* open(SF_INFO& info);

    /// Throws Error io if the file could not be read since it was opened.
    void check() const;

    /// True if more was asked for than is left of the file.
    [[nodiscard]] bool ended() const { return ended_; }

 private:
    static sf_count_t length(void* self);
    static sf_count_t seek(sf_count_t offset, int whence, void* self);
    static sf_count_t read(void* bytes, sf_count_t count, void* self);
    static sf_count_t tell(void* self);

    int fd_;
    std::string name_;
    std::int64_t size_;  // of the file itself
    std::int64_t at_ = 0;
    bool ended_ = false;
    std::optional<Error> fault_;
};

}  // namespace patchpipe
