// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "audio/uncounted_mp3.h"

#include <algorithm>
#include <cstdio>
#include <utility>

#include "audio/file_body.h"
#include "audio/id3_tag.h"
#include "audio/mp3_length.h"
#include "file/offset.h"

namespace patchpipe {
namespace {

constexpr std::int64_t shown_length = std::int64_t{1} << 40, tag_size = 128;  // of ID3v1

}  // namespace

bool is_uncounted_mp3(int fd, const std::string& name) {
    constexpr std::size_t enough = 10;
    if (!is_mp3(read_at(fd, 0, enough, name))) return false;
    return !read_mp3_length(fd, name).frames;
}

UncountedMp3::UncountedMp3(int fd, std::string name)
    : fd_(fd), name_(std::move(name)), size_(size_of(fd, name_)) {}

SNDFILE* UncountedMp3::open(SF_INFO& info) {
    SF_VIRTUAL_IO functions{
        .get_filelen = length, .seek = seek, .read = read, .write = nullptr, .tell = tell};
    at_ = 0;
    ended_ = false;
    return sf_open_virtual(&functions, SFM_READ, &info, this);
}

void UncountedMp3::check() const {
    if (fault_) throw *fault_;
}

sf_count_t UncountedMp3::length(void*) { return shown_length; }

sf_count_t UncountedMp3::seek(sf_count_t offset, int whence, void* self) {
    auto& at = static_cast<UncountedMp3*>(self)->at_;
    const auto from = whence == SEEK_END ? shown_length : whence == SEEK_CUR ? at : 0;
    if (from + offset < 0) return -1;
    return at = from + offset;
}

sf_count_t UncountedMp3::read(void* bytes, sf_count_t count, void* self) {
    auto& file = *static_cast<UncountedMp3*>(self);
    const bool in_tag = file.at_ >= shown_length - tag_size && file.size_ >= tag_size;
    try {
        const auto got = static_cast<sf_count_t>(
            read_at(file.fd_, in_tag ? file.at_ - shown_length + file.size_ : file.at_, bytes,
                    static_cast<std::size_t>(std::max<sf_count_t>(count, 0)), file.name_));
        file.at_ += got;
        file.ended_ = file.ended_ || (!in_tag && got < count);
        return got;
    } catch (const Error& error) {
        file.fault_ = error;
        return 0;
    }
}

sf_count_t UncountedMp3::tell(void* self) { return static_cast<UncountedMp3*>(self)->at_; }

}  // namespace patchpipe
