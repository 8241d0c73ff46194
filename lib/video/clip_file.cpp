// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "video/clip_file.h"

#include <sys/mman.h>
#include <algorithm>
#include <cerrno>
#include <string_view>
#include <vector>

#include "audio/ffmpeg.h"
#include "base/error.h"
#include "file/nameless_file.h"
#include "file/read_file.h"

namespace patchpipe {
namespace {

constexpr std::int64_t most_pixels = 64 << 20;               // of the file's pictures
constexpr std::int64_t most_memory = std::int64_t{3} << 30;  // of ffmpeg
constexpr std::size_t most_bytes = std::size_t{8} << 30;     // of decoded pictures

// No playlists and no numbered files, which would read other files.
constexpr std::string_view formats =
    "mov,matroska,webm,avi,gif,apng,png_pipe,jpeg_pipe,bmp_pipe,gif_pipe,webp_pipe,yuv4mpegpipe,"
    "mpegts,flv";

std::string scaling(const ClipFile::Settings& settings) {
    const auto size = std::to_string(settings.width) + ":" + std::to_string(settings.height);
    const auto scaled = "scale=" + size + ":force_original_aspect_ratio=";
    return settings.contain
               ? scaled + "decrease,format=bgra,pad=" + size + ":(ow-iw)/2:(oh-ih)/2:color=black@0"
               : scaled + "increase,crop=" + size + ",format=bgra";
}

// ffmpeg reads the file as its standard input, without its name: by the name it would take a JPEG,
// or "a%d.png", for a numbered series, whose reader is not on our list. It starts a thread for each
// processor, and where these are many they need more memory than it has.
std::vector<std::string> arguments(const ClipFile::Settings& settings, const std::string& filters) {
    std::vector<std::string> words{"-protocol_whitelist",
                                   "file",
                                   "-format_whitelist",
                                   std::string(formats),
                                   "-max_pixels",
                                   std::to_string(most_pixels),
                                   "-threads",
                                   "1",
                                   "-filter_threads",
                                   "1"};
    if (settings.offset > 0) words.insert(words.end(), {"-ss", ffmpeg_time(settings.offset)});
    words.insert(words.end(), {"-i", "file:/proc/self/fd/0", "-map", "0:v:0", "-vf", filters,
                               "-frames:v", std::to_string(settings.most_pictures), "-threads", "1",
                               "-f", "rawvideo", "pipe:1"});
    return words;
}

}  // namespace

ClipFile::ClipFile(const std::string& path, const Settings& settings)
    : width_(settings.width), height_(settings.height) {
    const auto file = open_file(path);
    const auto spool = nameless_file();
    const auto rate = "fps=" + settings.rate.text() + ",";
    decode({path, file.get()}, settings, rate + scaling(settings), spool.get());
    // What is shorter than half a picture at this rate, as an image is, has none.
    if (count_ == 0) {
        auto one = settings;
        one.most_pictures = 1;
        decode({path, file.get()}, one, scaling(one), spool.get());
    }
    if (count_ == 0) refuse_unsupported(path, "has no picture; give another file");
    map_ = ::mmap(nullptr, size_, PROT_READ, MAP_SHARED, spool.get(), 0);
    if (map_ == MAP_FAILED) throw Error(ErrorKind::io, path, system_message(errno));
}

void ClipFile::decode(const Source& source, const Settings& settings, const std::string& filters,
                      int spool) {
    Ffmpeg ffmpeg(Ffmpeg::Pipe::from, {.subject = source.path,
                                       .arguments = arguments(settings, filters),
                                       .input = source.fd,
                                       .memory = most_memory,
                                       .timeout = settings.timeout});
    std::vector<char> bytes(static_cast<std::size_t>(width_) * static_cast<std::size_t>(height_) *
                            sizeof(std::uint32_t));
    while (ffmpeg.read(bytes.data(), bytes.size()) == bytes.size()) {
        if (size_ + bytes.size() > most_bytes)
            refuse_unsupported(source.path,
                               "needs more than 8 GiB at this size; draw smaller pictures or "
                               "shorter notes");
        write_nameless(spool, {bytes.data(), bytes.size()});
        size_ += bytes.size();
        ++count_;
    }
    ffmpeg.finish();
}

ClipFile::~ClipFile() { ::munmap(map_, size_); }

Picture ClipFile::picture(std::int64_t index) const {
    const auto pixels = static_cast<std::size_t>(width_) * static_cast<std::size_t>(height_);
    return {width_, height_,
            static_cast<const std::uint32_t*>(map_) + static_cast<std::size_t>(index) * pixels};
}

}  // namespace patchpipe
