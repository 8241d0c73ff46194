// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The pictures of an image or a video file, decoded by ffmpeg to a size and a frame rate. They are
// kept in a temporary file without a name, so that memory does not grow with their number.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "video/frame.h"
#include "video/frame_rate.h"

namespace patchpipe {

inline constexpr std::chrono::minutes usual_decode_time{10};

class ClipFile {
 public:
    struct Settings {
        int width = 0, height = 0;
        FrameRate rate;
        double offset = 0;               ///< seconds of the video that are left out
        bool contain = false;            ///< all is seen, with room around; else it fills the size
        std::int64_t most_pictures = 1;  ///< the rest is not decoded
        std::chrono::milliseconds timeout = usual_decode_time;  ///< for ffmpeg
    };

    /// An image, such as PNG, JPEG, BMP, GIF and WebP, or a video in MP4, MOV, Matroska, WebM or
    /// AVI. Throws Error not-found and io for the file; unsupported with ffmpeg's words for what it
    /// cannot decode, for a file without pictures, and for one with more than 64 million pixels;
    /// timeout.
    ClipFile(const std::string& path, const Settings& settings);
    ~ClipFile();
    ClipFile(const ClipFile&) = delete;
    ClipFile& operator=(const ClipFile&) = delete;

    /// 1 or more; an image may have some that are all the same.
    [[nodiscard]] std::int64_t pictures() const { return count_; }
    /// index is 0 to pictures() - 1.
    [[nodiscard]] Picture picture(std::int64_t index) const;

 private:
    struct Source {
        const std::string& path;  // for messages
        int fd;
    };
    void decode(const Source& source, const Settings& settings, const std::string& filters,
                int spool);

    int width_, height_;
    std::int64_t count_ = 0;
    std::size_t size_ = 0;  // bytes
    void* map_ = nullptr;
};

}  // namespace patchpipe
