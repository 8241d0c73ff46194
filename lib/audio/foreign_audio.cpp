// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "audio/foreign_audio.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string_view>
#include <tuple>
#include <vector>

#include "audio/ffmpeg.h"
#include "audio/file_body.h"
#include "base/error.h"
#include "file/nameless_file.h"

namespace patchpipe {
namespace {

constexpr std::int64_t most_ffmpeg_memory = std::int64_t{3} << 30;
constexpr std::int64_t most_decoded_bytes = std::int64_t{8} << 30;
constexpr std::chrono::minutes longest_decoding{10};

using Beginning = std::array<unsigned char, 12>;

// What is missing at the end of the file is 0.
Beginning bytes_at(int fd, off_t offset) {
    Beginning bytes{};
    (void)repeated([&] { return ::pread(fd, bytes.data(), bytes.size(), offset); });
    return bytes;
}

std::string_view text_of(const Beginning& bytes, std::size_t at, std::size_t size) {
    return {reinterpret_cast<const char*>(bytes.data()) + at, size};
}

// An ID3v2 tag states its size without its first ten bytes, in four times seven bits.
off_t end_of_id3(const Beginning& bytes) {
    if (text_of(bytes, 0, 3) != "ID3") return 0;
    off_t size = 0;
    for (std::size_t i = 6; i < 10; ++i) size = size << 7 | (bytes[i] & 0x7f);
    return size + 10;
}

// Twelve bits that are set, one for MPEG-4 or 2, and two that are 0 where MPEG audio has its layer.
bool is_adts(const Beginning& bytes) { return bytes[0] == 0xff && (bytes[1] & 0xf6) == 0xf0; }

// A descriptor of the same open file would share its position.
Descriptor opened_anew(int fd) {
    Descriptor file(::open(("/proc/self/fd/" + std::to_string(fd)).c_str(), O_RDONLY | O_CLOEXEC));
    if (file.get() < 0) throw Error(ErrorKind::io, "decoded audio", system_message(errno));
    return file;
}

// One thread, and nothing that names a version: the same bytes everywhere.
std::vector<std::string> arguments(int target) {
    return {"-protocol_whitelist",
            "file",
            "-format_whitelist",
            "mov,aac,wv",
            "-threads",
            "1",
            "-i",
            "file:/proc/self/fd/0",
            "-map",
            "0:a:0",
            "-threads",
            "1",
            "-c:a",
            "pcm_f32le",
            "-fflags",
            "+bitexact",
            "-rf64",
            "auto",
            "-f",
            "wav",
            "file:/proc/self/fd/" + std::to_string(target)};
}

Descriptor decode(int fd, const std::string& name) {
    auto decoded = nameless_file();
    Ffmpeg ffmpeg(Ffmpeg::Pipe::from, {.subject = name,
                                       .arguments = arguments(decoded.get()),
                                       .input = fd,
                                       .kept = decoded.get(),
                                       .memory = most_ffmpeg_memory,
                                       .file_size = most_decoded_bytes,
                                       .timeout = longest_decoding,
                                       .advice = "convert it to WAV"});
    ffmpeg.finish();
    return decoded;
}

// A file as it was when it was decoded.
struct Decoded {
    using Identity = std::tuple<dev_t, ino_t, off_t, time_t, long>;
    Identity identity;
    Descriptor file;
};

Decoded::Identity identity_of(int fd, const std::string& name) {
    struct stat info {};
    if (::fstat(fd, &info) != 0) throw Error(ErrorKind::io, name, system_message(errno));
    return {info.st_dev, info.st_ino, info.st_size, info.st_mtim.tv_sec, info.st_mtim.tv_nsec};
}

}  // namespace

bool is_foreign_audio(int fd) {
    const auto bytes = bytes_at(fd, 0);
    if (text_of(bytes, 4, 4) == "ftyp" || text_of(bytes, 0, 4) == "wvpk") return true;
    const auto tag = end_of_id3(bytes);
    return is_adts(tag == 0 ? bytes : bytes_at(fd, tag));
}

Descriptor decode_foreign(int fd, const std::string& name) {
    constexpr std::size_t most_kept = 8;
    constexpr std::int64_t most_kept_bytes = std::int64_t{1} << 30;
    static std::mutex mutex;
    static std::deque<Decoded> kept;
    const std::lock_guard lock(mutex);
    const auto identity = identity_of(fd, name);
    for (const auto& one : kept)
        if (one.identity == identity) return opened_anew(one.file.get());
    kept.push_back({identity, decode(fd, name)});
    const auto bytes = [&] {
        std::int64_t sum = 0;
        for (const auto& one : kept) sum += size_of(one.file.get(), name);
        return sum;
    };
    while (kept.size() > 1 && (kept.size() > most_kept || bytes() > most_kept_bytes))
        kept.pop_front();
    return opened_anew(kept.back().file.get());
}

}  // namespace patchpipe
