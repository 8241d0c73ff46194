// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What libsndfile writes to in place of a file. Only for lib/audio. Not here: what becomes of the
// bytes.
#pragma once

#include <sndfile.h>
#include <string_view>

namespace patchpipe {

/// Keeps libsndfile's position in a file whose bytes a derived class reads and writes.
class SndfileTarget {
 public:
    SndfileTarget() = default;
    virtual ~SndfileTarget() = default;
    SndfileTarget(const SndfileTarget&) = delete;
    SndfileTarget& operator=(const SndfileTarget&) = delete;

    /// Returns null if libsndfile refuses. The result must be closed before this ends.
    [[nodiscard]] SNDFILE* open(SF_INFO& info);

 private:
    // libsndfile is C, so no exception may pass through it. Both return how many bytes they read or
    // wrote: all of them, unless there are no more or something failed.
    virtual sf_count_t read(sf_count_t at, void* bytes, sf_count_t size) noexcept = 0;
    virtual sf_count_t write(sf_count_t at, std::string_view bytes) noexcept = 0;

    static SndfileTarget& of(void* self) { return *static_cast<SndfileTarget*>(self); }
    sf_count_t seek(sf_count_t offset, int whence) noexcept;
    sf_count_t read_on(void* bytes, sf_count_t size) noexcept;
    sf_count_t write_on(const void* bytes, sf_count_t size) noexcept;

    sf_count_t position_ = 0, end_ = 0;
};

}  // namespace patchpipe
