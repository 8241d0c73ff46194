// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "audio/chunks.h"

#include "audio/file_body.h"
#include "base/byte_order.h"
#include "file/offset.h"

namespace patchpipe {
namespace {

using Container = AudioFormat::Container;

constexpr int most_chunks = 1000;
constexpr std::size_t riff_header_size = 12, chunk_header = 8;
constexpr std::size_t w64_header_size = 40, w64_chunk_header_size = 24, guid_size = 16;

// True for the most frames that such a limit allows, which is what SoX writes.
bool is_limit(std::uint64_t length, std::uint64_t limit) {
    constexpr std::uint64_t largest_frame = 4096;
    return length > limit - largest_frame && length <= limit;
}

// True for the length of a stream, which was not known when its header was written, and where ds64
// has it.
bool is_unknown(std::string_view id, std::uint64_t length) {
    constexpr std::uint64_t none = 0xffffffff, wav_limit = 0x7ffff000;
    constexpr std::uint64_t offset_and_block_size = 8, aiff_limit = 0x7f000000;
    if (id == "data") return length == none || is_limit(length, wav_limit);
    return id == "SSND" && is_limit(length - offset_and_block_size, aiff_limit);
}

// The same in a W64 file, as FFmpeg writes it.
constexpr std::uint64_t unknown_in_w64 = 0x7fffffffffffffff;

constexpr std::string_view w64_begin{"riff\x2e\x91\xcf\x11\xa5\xd6\x28\xdb\x04\xc1\0\0", guid_size};
constexpr std::string_view w64_rest{"\xf3\xac\xd3\x11\x8c\xd1\0\xc0\x4f\x8e\xdb\x8a", 12};
constexpr std::string_view w64_summary{
    "\xbc\x94\x5f\x92\x5a\x52\xd2\x11\x86\xdc\0\xc0\x4f\x8e\xdb\x8a", guid_size};

class Walk {
 public:
    Walk(int fd, const std::string& name)
        : fd_(fd), name_(name), file_size_(static_cast<std::uint64_t>(size_of(fd, name))) {}

    bool run(const std::function<bool(const Chunk&)>& take) {
        const auto begin = read(0, chunked_file_header);
        const auto container = chunked_container(begin);
        if (!container) return false;
        big_endian_ = begin.starts_with("RIFX") || container == Container::aiff;
        w64_ = container == Container::w64;
        std::uint64_t at = w64_ ? w64_header_size : riff_header_size;
        for (int i = 0; i < most_chunks && at < file_size_; ++i) {
            const auto chunk = w64_ ? w64_chunk(at) : riff_chunk(at);
            if (!chunk) return false;
            if (!take(*chunk)) return true;
            if (chunk->begin > file_size_ || chunk->size > file_size_ - chunk->begin) return false;
            const std::uint64_t multiple = w64_ ? 8 : 2;
            at = chunk->begin + (chunk->size + multiple - 1) / multiple * multiple;
        }
        return false;
    }

 private:
    [[nodiscard]] std::string read(std::uint64_t at, std::size_t size) const {
        return read_at(fd_, static_cast<std::int64_t>(at), size, name_);
    }

    std::optional<Chunk> riff_chunk(std::uint64_t at) {
        constexpr std::size_t ds64_data = 8, ds64_end = 16;  // the length of the data, in ds64
        const auto header = read(at, chunk_header);
        if (header.size() < chunk_header) return {};
        const auto number = std::string_view(header).substr(4);
        Chunk chunk{.id = header.substr(0, 4),
                    .begin = at + chunk_header,
                    .size = big_endian_ ? read_big_endian<std::uint32_t>(number)
                                        : read_little_endian<std::uint32_t>(number),
                    .big_endian = big_endian_};
        if (chunk.id == "ds64") {
            const auto lengths = read(chunk.begin, ds64_end);
            if (lengths.size() < ds64_end) return {};
            long_data_ =
                read_little_endian<std::uint64_t>(std::string_view(lengths).substr(ds64_data));
        }
        if (is_unknown(chunk.id, chunk.size))
            chunk.size = long_data_.value_or(file_size_ - chunk.begin);
        return chunk;
    }

    [[nodiscard]] std::optional<Chunk> w64_chunk(std::uint64_t at) const {
        const auto header = read(at, w64_chunk_header_size);
        if (header.size() < w64_chunk_header_size) return {};
        const auto guid = std::string_view(header).substr(0, guid_size);
        const auto size =
            read_little_endian<std::uint64_t>(std::string_view(header).substr(guid_size));
        if (size < w64_chunk_header_size) return {};
        const std::string id(guid == w64_summary          ? "SUMM"
                             : guid.substr(4) == w64_rest ? guid.substr(0, 4)
                                                          : "????");
        Chunk chunk{.id = id,
                    .begin = at + w64_chunk_header_size,
                    .size = size - w64_chunk_header_size,
                    .big_endian = false};
        if (id == "data" && size == unknown_in_w64) chunk.size = file_size_ - chunk.begin;
        return chunk;
    }

    int fd_;
    const std::string& name_;
    std::uint64_t file_size_;
    bool big_endian_ = false, w64_ = false;
    std::optional<std::uint64_t> long_data_;
};

}  // namespace

std::optional<Container> chunked_container(std::string_view begin) {
    const auto kind = begin.size() < riff_header_size ? "" : begin.substr(8, 4);
    if (begin.starts_with("RF64")) return Container::rf64;
    if (begin.starts_with("RIFF") || begin.starts_with("RIFX")) return Container::wav;
    if (begin.starts_with("FORM") && (kind == "AIFF" || kind == "AIFC")) return Container::aiff;
    if (begin.starts_with(w64_begin)) return Container::w64;
    return {};
}

std::string_view data_chunk(Container container) {
    return container == Container::aiff ? "SSND" : "data";
}

bool walk_chunks(int fd, const std::string& name, const std::function<bool(const Chunk&)>& take) {
    return Walk(fd, name).run(take);
}

}  // namespace patchpipe
