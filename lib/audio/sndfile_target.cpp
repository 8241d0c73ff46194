// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "audio/sndfile_target.h"

#include <algorithm>
#include <cstdio>

namespace patchpipe {

SNDFILE* SndfileTarget::open(SF_INFO& info) {
    SF_VIRTUAL_IO io = {.get_filelen = [](void* self) { return of(self).end_; },
                        .seek = [](sf_count_t offset, int whence,
                                   void* self) { return of(self).seek(offset, whence); },
                        .read = [](void* bytes, sf_count_t size,
                                   void* self) { return of(self).read_on(bytes, size); },
                        .write = [](const void* bytes, sf_count_t size,
                                    void* self) { return of(self).write_on(bytes, size); },
                        .tell = [](void* self) { return of(self).position_; }};
    return sf_open_virtual(&io, SFM_WRITE, &info, this);
}

sf_count_t SndfileTarget::seek(sf_count_t offset, int whence) noexcept {
    position_ = offset + (whence == SEEK_CUR ? position_ : whence == SEEK_END ? end_ : 0);
    return position_;
}

sf_count_t SndfileTarget::read_on(void* bytes, sf_count_t size) noexcept {
    const auto got = read(position_, bytes, size);
    position_ += got;
    return got;
}

sf_count_t SndfileTarget::write_on(const void* bytes, sf_count_t size) noexcept {
    const auto written =
        write(position_, {static_cast<const char*>(bytes), static_cast<std::size_t>(size)});
    position_ += written;
    end_ = std::max(end_, position_);
    return written;
}

}  // namespace patchpipe
