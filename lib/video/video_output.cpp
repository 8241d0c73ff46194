// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "video/video_output.h"

#include <vector>

#include "audio/ffmpeg.h"
#include "base/error.h"
#include "base/words.h"
#include "file/output.h"
#include "file/whole_file.h"
#include "video/y4m.h"

namespace patchpipe {
namespace {

class Y4mOutput : public VideoOutput {
 public:
    Y4mOutput(const std::string& path, const VideoSettings& settings)
        : output_(path),
          stream_(settings.width, settings.height, settings.rate,
                  [this](std::string_view bytes) { output_.write(bytes); }) {}
    void add(const Frame& frame) override { stream_.add(frame); }
    void commit() override { output_.commit(); }

 private:
    Output output_;
    Y4mStream stream_;
};

struct Container {
    std::string_view suffix, format;
};
constexpr Container containers[] = {{".mp4", "mp4"}, {".mov", "mov"}, {".mkv", "matroska"}};

const Container* container_of(const std::string& path) {
    for (const auto& container : containers)
        if (path.ends_with(container.suffix)) return &container;
    return nullptr;
}

using Words = std::vector<std::string>;

void append(Words& words, const Words& more) {
    words.insert(words.end(), more.begin(), more.end());
}

// No playlists, which would read other files.
constexpr std::string_view sound_formats =
    "wav,w64,aiff,au,caf,flac,ogg,mp3,aac,mov,matroska,avi,mpegts,flv,wv,tta,ape,amr";

// What makes the bytes depend on the machine is fixed: the number of threads changes what x264
// does, and dates and versions are left out.
Words encoding(const VideoSettings& settings, const std::string& format, int target) {
    Words words{"-protocol_whitelist", "pipe", "-f", "yuv4mpegpipe", "-i", "pipe:0"};
    if (const auto& sound = settings.sound)
        append(words, {"-protocol_whitelist", "file", "-format_whitelist",
                       std::string(sound_formats), "-ss", ffmpeg_time(sound->begin), "-t",
                       ffmpeg_time(sound->length), "-i", "file:" + sound->path, "-map", "0:v",
                       "-map", "1:a:0", "-c:a", "aac", "-b:a", "256k"});
    append(words, {"-map_metadata", "-1", "-fflags", "+bitexact", "-flags:a", "+bitexact"});
    append(words,
           {"-c:v", "libx264", "-preset", "veryfast", "-crf", std::to_string(settings.quality),
            "-threads:v", "8", "-pix_fmt", "yuv420p", "-color_range", "tv", "-colorspace", "bt709",
            "-color_trc", "bt709", "-color_primaries", "bt709"});
    if (format != "matroska") append(words, {"-movflags", "+faststart"});
    append(words, {"-f", format, "/proc/self/fd/" + std::to_string(target)});
    return words;
}

class EncodedOutput : public VideoOutput {
 public:
    EncodedOutput(const std::string& path, std::string_view format, const VideoSettings& settings)
        : file_(path),
          ffmpeg_(Ffmpeg::Pipe::to,
                  {.subject = path,
                   .arguments = encoding(settings, std::string(format), target(path)),
                   .kept = file_.fd()}),
          stream_(settings.width, settings.height, settings.rate,
                  [this](std::string_view bytes) { ffmpeg_.write(bytes); }) {}
    void add(const Frame& frame) override { stream_.add(frame); }
    void commit() override {
        ffmpeg_.finish();
        file_.commit();
    }

 private:
    // ffmpeg goes back to the beginning when it knows all frames.
    [[nodiscard]] int target(const std::string& path) const {
        if (file_.straight())
            refuse_unsupported(path, "is not a regular file, which a video must be; write a y4m");
        return file_.fd();
    }

    WholeFile file_;
    Ffmpeg ffmpeg_;
    Y4mStream stream_;
};

}  // namespace

bool is_encoded(const std::string& path) {
    if (path == "-" || named_descriptor(path) || path.ends_with(".y4m")) return false;
    if (container_of(path)) return true;
    throw UsageError("-o: " + printable(path) +
                     ": the name must end in .mp4, .mov or .mkv for a video, or .y4m for frames");
}

std::unique_ptr<VideoOutput> open_video(const std::string& path, const VideoSettings& settings) {
    if (!is_encoded(path)) return std::make_unique<Y4mOutput>(path, settings);
    return std::make_unique<EncodedOutput>(path, container_of(path)->format, settings);
}

}  // namespace patchpipe
