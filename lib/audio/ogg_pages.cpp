// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "audio/ogg_pages.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <stdexcept>
#include <string_view>

#include "base/byte_order.h"
#include "file/offset.h"

namespace patchpipe {
namespace {

constexpr std::size_t flags_at = 5, serial_at = 14, checksum_at = 22, segments_at = 26,
                      page_header_size = 27;

// CRC-32 with the polynomial 0x04c11db7, most significant bit first, from 0.
constexpr auto crc_table = [] {
    std::array<std::uint32_t, 256> table{};
    for (std::uint32_t i = 0; i < table.size(); ++i) {
        auto remainder = i << 24;
        for (int bit = 0; bit < 8; ++bit)
            remainder = remainder << 1 ^ (remainder >> 31 ? 0x04c11db7U : 0);
        table[i] = remainder;
    }
    return table;
}();

std::uint32_t crc(std::string_view bytes) {
    std::uint32_t sum = 0;
    for (const char byte : bytes)
        sum = sum << 8 ^ crc_table[sum >> 24 ^ static_cast<unsigned char>(byte)];
    return sum;
}

std::size_t page_size(std::string_view header, std::string_view segments) {
    return std::accumulate(
        segments.begin(), segments.end(), header.size() + segments.size(),
        [](std::size_t sum, char size) { return sum + static_cast<unsigned char>(size); });
}

// Returns an empty string at the end of the file.
std::string read_page(int fd, std::int64_t offset, const std::string& name) {
    const auto header = read_at(fd, offset, page_header_size, name);
    if (header.empty()) return {};
    if (header.size() < page_header_size || !header.starts_with("OggS"))
        throw std::logic_error("an Ogg page is not where the one before ends");
    const auto count = static_cast<unsigned char>(header[segments_at]);
    const auto segments = read_at(fd, offset + std::int64_t{page_header_size}, count, name);
    return read_at(fd, offset, page_size(header, segments), name);
}

}  // namespace

void seal_ogg_pages(int fd, std::int64_t end, const std::string& name) {
    constexpr std::uint32_t serial_number = 1;
    for (std::int64_t offset = 0; offset < end;) {
        auto page = read_page(fd, offset, name);
        if (page.empty()) return;
        put_little_endian(page, serial_at, serial_number);
        put_little_endian(page, checksum_at, std::uint32_t{0});
        put_little_endian(page, checksum_at, crc(page));
        write_at(fd, offset, page, name);
        offset += static_cast<std::int64_t>(page.size());
    }
}

bool ends_with_last_page(int fd, std::int64_t size, const std::string& name) {
    constexpr std::int64_t largest_page = 65307;
    constexpr unsigned last_of_stream = 4;
    const auto begin = std::max<std::int64_t>(0, size - largest_page);
    const auto end = read_at(fd, begin, static_cast<std::size_t>(size - begin), name);
    const auto at = end.rfind("OggS");
    if (at == end.npos || end.size() - at < page_header_size) return false;
    const auto page = std::string_view(end).substr(at);
    const auto count = static_cast<unsigned char>(page[segments_at]);
    const auto header = page.substr(0, page_header_size),
               segments = page.substr(page_header_size, count);
    return (static_cast<unsigned char>(page[flags_at]) & last_of_stream) != 0 &&
           page.size() == page_size(header, segments);
}

bool is_chained_ogg(int fd, const std::string& name) {
    constexpr std::size_t most_segments = 255;
    constexpr unsigned first_of_stream = 2;
    bool begun = false;  // a page of what streams hold, behind their first pages, was there
    for (std::int64_t offset = 0;;) {
        const auto read = read_at(fd, offset, page_header_size + most_segments, name);
        if (read.size() < page_header_size || !read.starts_with("OggS")) return false;
        const auto page = std::string_view(read);
        const bool first = (static_cast<unsigned char>(page[flags_at]) & first_of_stream) != 0;
        if (first && begun) return true;
        begun = begun || !first;
        const auto count = static_cast<unsigned char>(page[segments_at]);
        offset += static_cast<std::int64_t>(
            page_size(page.substr(0, page_header_size), page.substr(page_header_size, count)));
    }
}

}  // namespace patchpipe
