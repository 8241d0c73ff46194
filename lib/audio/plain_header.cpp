// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// WAV: Multimedia Programming Interface and Data Specifications 1.0 (1991). RF64: EBU Tech 3306.
// W64: Sony's Wave64, whose chunks have GUIDs, lengths of 64 bits that count their own headers, and
// begin at multiples of 8. AIFF: Apple's AIFF 1.3 (1989) and, for float, AIFF-C (1991).

#include "audio/plain_header.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <limits>
#include <stdexcept>

#include "audio/tag_chunks.h"
#include "base/byte_order.h"
#include "base/error.h"

namespace patchpipe {
namespace {

using Container = AudioFormat::Container;

constexpr std::uint32_t unknown_length = 0xffffffff;  // RF64 has it in ds64
constexpr std::uint64_t guid_and_size = 24;

constexpr std::string_view riff_guid{"riff\x2e\x91\xcf\x11\xa5\xd6\x28\xdb\x04\xc1\0\0", 16};
constexpr std::string_view other_guid{"\xf3\xac\xd3\x11\x8c\xd1\0\xc0\x4f\x8e\xdb\x8a", 12};
constexpr std::string_view summary_guid{
    "\xbc\x94\x5f\x92\x5a\x52\xd2\x11\x86\xdc\0\xc0\x4f\x8e\xdb\x8a", 16};

bool is_float(const AudioFormat& format) { return format.depth == AudioFormat::Depth::float32; }

std::uint16_t frame_bytes(const AudioFormat& format) {
    return static_cast<std::uint16_t>(format.channels * bytes_per_sample(format.depth));
}

std::uint64_t data_bytes(const AudioFormat& format) {
    return static_cast<std::uint64_t>(format.frames) * frame_bytes(format);
}

void append_riff(std::string& bytes, std::string_view id, std::string_view contents) {
    bytes += id;
    append_little_endian(bytes, static_cast<std::uint32_t>(contents.size()));
    bytes += contents;
    if (contents.size() % 2 != 0) bytes += '\0';
}

void append_aiff_chunk(std::string& bytes, std::string_view id, std::string_view contents) {
    bytes += id;
    append_big_endian(bytes, static_cast<std::uint32_t>(contents.size()));
    bytes += contents;
}

void append_w64(std::string& bytes, const std::string& guid, std::string_view contents) {
    bytes += guid;
    append_little_endian(bytes, guid_and_size + contents.size());
    bytes += contents;
    bytes.resize((bytes.size() + 7) / 8 * 8);
}

std::string w64_guid(std::string_view id) { return std::string(id) + std::string(other_guid); }

std::string wave_format(const AudioFormat& format) {
    constexpr std::uint16_t pcm = 1, ieee_float = 3;
    const auto rate = static_cast<std::uint32_t>(format.sample_rate);
    std::string bytes;
    append_little_endian(bytes, is_float(format) ? ieee_float : pcm);
    append_little_endian(bytes, static_cast<std::uint16_t>(format.channels));
    append_little_endian(bytes, rate);
    append_little_endian(bytes, rate * frame_bytes(format));
    append_little_endian(bytes, frame_bytes(format));
    append_little_endian(bytes, static_cast<std::uint16_t>(8 * bytes_per_sample(format.depth)));
    return bytes;
}

// For texts that will be the contents of a chunk, beginning there.
void place_comment(PlainHeader& header, const TagBytes& texts, std::size_t contents_begin) {
    header.comment_begin = contents_begin + texts.comment_begin;
    header.comment_size = texts.comment_size;
}

template <typename Number>
std::string little_endian(Number number) {
    std::string bytes;
    append_little_endian(bytes, number);
    return bytes;
}

PlainHeader wav_header(const AudioFormat& format) {
    const bool long_riff = format.container == Container::rf64;
    const auto data = data_bytes(format);
    PlainHeader header{long_riff ? "RF64" : "RIFF"};
    append_little_endian(header.bytes, unknown_length);
    header.bytes += "WAVE";
    const auto ds64 = header.bytes.size() + 8;
    if (long_riff) append_riff(header.bytes, "ds64", std::string(28, '\0'));
    append_riff(header.bytes, "fmt ", wave_format(format));
    const auto frames = static_cast<std::uint32_t>(
        std::min<std::int64_t>(format.frames, std::numeric_limits<std::uint32_t>::max()));
    if (is_float(format)) append_riff(header.bytes, "fact", little_endian(frames));
    if (const auto texts = info_list(format.tags); !texts.bytes.empty()) {
        place_comment(header, texts, header.bytes.size() + 8);
        append_riff(header.bytes, "LIST", texts.bytes);
    }
    if (const auto sampled = sampled_with_loop(format.tags, format.frames)) {
        append_riff(header.bytes, "smpl", smpl_chunk(*sampled, format.sample_rate));
        // libsndfile does not find the samples of an RF64 file behind a chunk of odd length.
        if (!long_riff) append_riff(header.bytes, "inst", inst_chunk(*sampled));
    }
    header.bytes += "data";
    append_little_endian(header.bytes,
                         long_riff ? unknown_length : static_cast<std::uint32_t>(data));
    header.padding = data % 2;
    const auto riff = header.bytes.size() - 8 + data + header.padding;
    if (long_riff) {
        put_little_endian(header.bytes, ds64, std::uint64_t{riff});
        put_little_endian(header.bytes, ds64 + 8, data);
        put_little_endian(header.bytes, ds64 + 16, static_cast<std::uint64_t>(format.frames));
    } else {
        put_little_endian(header.bytes, 4, static_cast<std::uint32_t>(riff));
    }
    return header;
}

PlainHeader w64_header(const AudioFormat& format) {
    const auto data = data_bytes(format);
    PlainHeader header{std::string(riff_guid)};
    append_little_endian(header.bytes, std::uint64_t{0});
    header.bytes += w64_guid("wave");
    append_w64(header.bytes, w64_guid("fmt "), wave_format(format));
    if (is_float(format))
        append_w64(header.bytes, w64_guid("fact"),
                   little_endian(static_cast<std::uint64_t>(format.frames)));
    if (const auto texts = summary_list(format.tags); !texts.bytes.empty()) {
        place_comment(header, texts, header.bytes.size() + guid_and_size);
        append_w64(header.bytes, std::string(summary_guid), texts.bytes);
    }
    header.bytes += w64_guid("data");
    append_little_endian(header.bytes, guid_and_size + data);
    // No padding behind the samples: libsndfile, which writes none, would take it for samples.
    put_little_endian(header.bytes, riff_guid.size(), std::uint64_t{header.bytes.size() + data});
    return header;
}

// The rate as an 80-bit floating-point number.
void append_extended(std::string& bytes, std::uint64_t rate) {
    constexpr int bias = 16383;
    const int shift = std::countl_zero(rate);
    append_big_endian(bytes, static_cast<std::uint16_t>(bias + 63 - shift));
    append_big_endian(bytes, rate << shift);
}

std::string aiff_format(const AudioFormat& format) {
    std::string bytes;
    append_big_endian(bytes, static_cast<std::uint16_t>(format.channels));
    append_big_endian(bytes, static_cast<std::uint32_t>(format.frames));
    append_big_endian(bytes, static_cast<std::uint16_t>(8 * bytes_per_sample(format.depth)));
    append_extended(bytes, static_cast<std::uint64_t>(format.sample_rate));
    if (is_float(format)) bytes += std::string("fl32\0\0", 6);  // and an empty name
    return bytes;
}

PlainHeader aiff_header(const AudioFormat& format) {
    const auto sampled = sampled_with_loop(format.tags, format.frames);
    const auto data = data_bytes(format);
    PlainHeader header{"FORM"};
    append_big_endian(header.bytes, std::uint32_t{0});
    header.bytes += is_float(format) ? "AIFC" : "AIFF";
    if (is_float(format)) append_aiff_chunk(header.bytes, "FVER", "\xa2\x80\x51\x40");
    append_aiff_chunk(header.bytes, "COMM", aiff_format(format));
    const auto texts = aiff_texts(format.tags);
    place_comment(header, texts, header.bytes.size());
    header.bytes += texts.bytes;
    if (sampled) header.bytes += aiff_instrument(*sampled);
    header.bytes += "SSND";
    append_big_endian(header.bytes, static_cast<std::uint32_t>(8 + data));
    append_big_endian(header.bytes, std::uint64_t{0});  // offset and block size
    header.padding = data % 2;
    std::string size;
    append_big_endian(size,
                      static_cast<std::uint32_t>(header.bytes.size() - 8 + data + header.padding));
    header.bytes.replace(4, size.size(), size);
    return header;
}

// Both have 16 bits for the bytes of a frame, and libsndfile reads no more.
void check_channels(const AudioFormat& format) {
    constexpr int most_channels = 1024;
    if (format.channels <= most_channels) return;
    throw Error(ErrorKind::unsupported, "format " + std::string(container_name(format.container)),
                "is written with up to 1024 channels, not " + std::to_string(format.channels));
}

// RIFF and AIFF count bytes in 32 bits.
void check_length(const AudioFormat& format, const PlainHeader& header) {
    if (format.container != Container::wav && format.container != Container::aiff) return;
    const auto most =
        static_cast<std::int64_t>(unknown_length - header.bytes.size()) / frame_bytes(format);
    if (format.frames <= most) return;
    throw Error(ErrorKind::unsupported, "format " + std::string(container_name(format.container)),
                "holds less than 4 GiB, which is " + std::to_string(most) + " frames, not " +
                    std::to_string(format.frames) +
                    "; use format rf64 or w64, or a shorter length");
}

PlainHeader header_of(const AudioFormat& format) {
    switch (format.container) {
        case Container::wav:
        case Container::rf64:
            return wav_header(format);
        case Container::w64:
            return w64_header(format);
        case Container::aiff:
            return aiff_header(format);
        default:
            throw std::logic_error("this container has no plain header");
    }
}

}  // namespace

PlainHeader plain_header(const AudioFormat& format) {
    check_channels(format);
    auto header = header_of(format);
    check_length(format, header);
    return header;
}

std::string stored_comment(Container container, std::string_view text, std::size_t size) {
    const bool wide = container == Container::w64;
    auto bytes = wide ? utf16(text) : std::string(text);
    if (bytes.size() > size)
        throw std::logic_error("a comment is longer than the place that was kept for it");
    while (bytes.size() < size) bytes += wide ? std::string(" \0", 2) : " ";
    return bytes;
}

}  // namespace patchpipe
