// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The video that a tool writes: a y4m stream, or a file that ffmpeg encodes.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "video/frame.h"
#include "video/frame_rate.h"

namespace patchpipe {

class VideoOutput {
 public:
    VideoOutput() = default;
    virtual ~VideoOutput() = default;
    VideoOutput(const VideoOutput&) = delete;
    VideoOutput& operator=(const VideoOutput&) = delete;

    /// Throws Error io, and ReaderGone and WriteFailed for standard output.
    virtual void add(const Frame& frame) = 0;
    /// Gives the file its name; call it once, as the last thing.
    virtual void commit() = 0;
};

/// The sound of an encoded file: a part of an audio file, in seconds.
struct VideoSound {
    std::string path;
    double begin = 0, length = 0;
};

struct VideoSettings {
    int width = 1920, height = 1080;  ///< even
    FrameRate rate;
    std::optional<VideoSound> sound = {};  ///< only for an encoded file
    int quality = 18;                      ///< of H.264: its constant rate factor, 0 the best to 51
};

/// True if ffmpeg encodes what has that name (.mp4, .mov, .mkv); false if it is a y4m stream: .y4m,
/// standard output ("-"), a descriptor. Throws UsageError for any other suffix.
[[nodiscard]] bool is_encoded(const std::string& path);

/// Opens the output; "-" is standard output. The same frames give the same bytes with any number of
/// processors. Throws Error io; unsupported for an encoded file that would go into a pipe.
[[nodiscard]] std::unique_ptr<VideoOutput> open_video(const std::string& path,
                                                      const VideoSettings& settings);

}  // namespace patchpipe
