// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "serum/cbor.h"

#include <cbor.h>
#include <algorithm>
#include <array>
#include <bit>

#include "base/byte_order.h"
#include "base/error.h"

namespace patchpipe {
namespace {

constexpr char break_byte = '\xff';

// libcbor's callbacks fill the CborItem that context points to.
CborItem& item_of(void* context) { return *static_cast<CborItem*>(context); }

template <CborKind kind, typename Argument>
void take_argument(void* context, Argument argument) {
    item_of(context).kind = kind;
    item_of(context).argument = argument;
}

template <CborKind kind>
void take_string(void* context, cbor_data data, std::size_t size) {
    item_of(context).kind = kind;
    item_of(context).content = {reinterpret_cast<const char*>(data), size};
}

template <CborKind kind>
void take_indefinite(void* context) {
    item_of(context).kind = kind;
    item_of(context).indefinite = true;
}

template <CborKind kind, typename Float>
void take_float(void* context, Float value) {
    item_of(context).kind = kind;
    item_of(context).number = value;
}

template <std::uint64_t value>
void take_simple(void* context) {
    take_argument<CborKind::simple>(context, value);
}

cbor_callbacks make_callbacks() {
    using enum CborKind;
    auto calls = cbor_empty_callbacks;
    calls.uint8 = take_argument<unsigned_integer, std::uint8_t>;
    calls.uint16 = take_argument<unsigned_integer, std::uint16_t>;
    calls.uint32 = take_argument<unsigned_integer, std::uint32_t>;
    calls.uint64 = take_argument<unsigned_integer, std::uint64_t>;
    calls.negint8 = take_argument<negative_integer, std::uint8_t>;
    calls.negint16 = take_argument<negative_integer, std::uint16_t>;
    calls.negint32 = take_argument<negative_integer, std::uint32_t>;
    calls.negint64 = take_argument<negative_integer, std::uint64_t>;
    calls.byte_string = take_string<bytes>;
    calls.byte_string_start = take_indefinite<bytes>;
    calls.string = take_string<text>;
    calls.string_start = take_indefinite<text>;
    calls.array_start = take_argument<array, std::size_t>;
    calls.indef_array_start = take_indefinite<array>;
    calls.map_start = take_argument<map, std::size_t>;
    calls.indef_map_start = take_indefinite<map>;
    calls.tag = take_argument<tag, std::uint64_t>;
    calls.float2 = take_float<half, float>;
    calls.float4 = take_float<single, float>;
    calls.float8 = take_float<real, double>;
    calls.undefined = take_simple<23>;
    calls.null = take_simple<22>;
    calls.boolean = [](void* context, bool value) {
        take_argument<CborKind::simple>(context, std::uint64_t{value ? 21u : 20u});
    };
    return calls;
}

// How many bytes of argument follow the first byte, by its five low bits.
std::uint8_t argument_width(char first) {
    const int info = first & 0x1f;
    return info >= 24 && info <= 27 ? static_cast<std::uint8_t>(1 << (info - 24)) : 0;
}

// True for a tag whose number, below 24, is in the first byte. libcbor reports those from 6 to 20
// as errors.
bool is_short_tag(char first) {
    const auto byte = static_cast<unsigned char>(first);
    return byte >> 5 == 6 && (byte & 0x1f) < 24;
}

CborItem short_tag(std::string_view encoded) {
    CborItem item;
    item.kind = CborKind::tag;
    item.argument = static_cast<unsigned char>(encoded.front()) & 0x1f;
    item.encoded = encoded;
    return item;
}

// The bits as encoded: libcbor's conversion may have changed those of a NaN.
std::uint64_t float_bits(std::string_view encoded) { return big_endian_number(encoded.substr(1)); }

bool is_float(CborKind kind) { return kind >= CborKind::half; }

int major_type(CborKind kind) { return kind >= CborKind::simple ? 7 : static_cast<int>(kind); }

std::uint8_t least_width(std::uint64_t argument) {
    if (argument < 24) return 0;
    if (argument <= 0xff) return 1;
    if (argument <= 0xffff) return 2;
    return argument <= 0xffffffff ? 4 : 8;
}

}  // namespace

CborItem CborReader::next() {
    static const auto callbacks = make_callbacks();
    if (at_end()) corrupt("ends within an item");
    const auto rest = cbor_.substr(at_);
    if (rest.front() == break_byte) corrupt("has a break where no array or map is open");
    if (is_short_tag(rest.front())) return short_tag(cbor_.substr(at_++, 1));
    CborItem item;
    const auto result = cbor_stream_decode(reinterpret_cast<cbor_data>(rest.data()), rest.size(),
                                           &callbacks, &item);
    if (result.status == CBOR_DECODER_NEDATA) corrupt("ends within an item");
    if (result.status != CBOR_DECODER_FINISHED) corrupt("has an item of no known kind");
    item.width = argument_width(rest.front());
    item.encoded = rest.substr(0, result.read);
    if (is_float(item.kind)) item.argument = float_bits(item.encoded);
    at_ += result.read;
    const bool is_string = item.kind == CborKind::text || item.kind == CborKind::bytes;
    if (item.indefinite && is_string) gather_chunks(item);
    return item;
}

void CborReader::gather_chunks(CborItem& item) {
    const auto begin = at_ - item.encoded.size();
    const int major = major_type(item.kind);
    std::string gathered;
    while (!at_end() && cbor_[at_] != break_byte) {
        const bool whole = (cbor_[at_] & 0x1f) != 0x1f;
        if (!whole || static_cast<unsigned char>(cbor_[at_]) >> 5 != major)
            corrupt("has a text or bytes with a chunk of another kind");
        gathered += next().content;
    }
    if (at_end()) corrupt("ends within an item");
    ++at_;
    gathered_ = std::move(gathered);
    item.indefinite = false;
    item.content = gathered_;
    item.encoded = cbor_.substr(begin, at_ - begin);
}

bool CborReader::more(CborItem& container) {
    if (!container.indefinite) return container.argument > 0 && container.argument--;
    if (at_end()) corrupt("ends within an array or map");
    if (cbor_[at_] != break_byte) return true;
    ++at_;
    return false;
}

std::string_view CborReader::take_floats(CborItem& array, int depth) {
    constexpr char single_head = '\xfa', double_head = '\xfb';
    const auto begin = at_;
    while (at_ < cbor_.size() && (array.indefinite || array.argument > 0)) {
        const char head = cbor_[at_];
        const std::size_t size = head == single_head ? 5 : head == double_head ? 9 : 0;
        if (size == 0 || cbor_.size() - at_ < size) break;
        check_depth(depth);
        at_ += size;
        if (!array.indefinite) --array.argument;
    }
    return cbor_.substr(begin, at_ - begin);
}

bool CborReader::at_text() const {
    constexpr int text_type = 3;
    return !at_end() && static_cast<unsigned char>(cbor_[at_]) >> 5 == text_type;
}

std::string_view CborReader::skip(int depth) {
    const auto begin = at_;
    skip_item(depth);
    return cbor_.substr(begin, at_ - begin);
}

void CborReader::skip_item(int depth) {
    check_depth(depth);
    auto item = next();
    const bool is_map = item.kind == CborKind::map;
    if (!is_map && item.kind != CborKind::array && item.kind != CborKind::tag) return;
    if (item.kind == CborKind::tag) return skip_item(depth + 1);
    if (!is_map) take_floats(item, depth + 1);
    while (more(item)) {
        skip_item(depth + 1);
        if (is_map) skip_item(depth + 1);
    }
}

void CborReader::corrupt(const std::string& what) const {
    throw Error(ErrorKind::corrupt, name_,
                "its CBOR " + what + ", at byte " + std::to_string(at_) + "; the file is damaged");
}

void CborReader::check_depth(int depth) const {
    if (depth > deepest_cbor)
        corrupt("is nested deeper than " + std::to_string(deepest_cbor) + " levels");
}

void CborReader::check_end() const {
    if (!at_end()) corrupt("goes on after its one item");
}

void check_cbor(std::string_view cbor, std::string_view name) {
    CborReader reader(cbor, name);
    reader.skip();
    reader.check_end();
}

void CborWriter::head(CborKind kind, std::uint64_t argument, std::uint8_t width) {
    insert_head(out_.size(), kind, argument, width);
}

void CborWriter::insert_head(std::size_t position, CborKind kind, std::uint64_t argument,
                             std::uint8_t width) {
    std::array<char, 9> bytes;
    const int major = major_type(kind) << 5;
    width = std::max(width, least_width(argument));
    bytes[0] = static_cast<char>(
        major | (width == 0 ? static_cast<int>(argument) : 24 + std::countr_zero(width)));
    for (std::size_t i = width; i > 0; --i, argument >>= 8) bytes[i] = static_cast<char>(argument);
    out_.insert(position, bytes.data(), width + std::size_t{1});
}

void CborWriter::text(std::string_view text) {
    head(CborKind::text, text.size());
    out_ += text;
}

void CborWriter::bytes(std::string_view bytes) {
    head(CborKind::bytes, bytes.size());
    out_ += bytes;
}

void CborWriter::bits(CborKind kind, std::uint64_t bits) {
    const int width = kind == CborKind::half ? 2 : kind == CborKind::single ? 4 : 8;
    head(kind, bits, static_cast<std::uint8_t>(width));
}

void CborWriter::real(double value) { bits(CborKind::real, std::bit_cast<std::uint64_t>(value)); }

std::optional<std::string_view> cbor_find(std::string_view map, std::string_view key) {
    CborReader reader(map, "");
    auto container = reader.next();
    if (container.kind != CborKind::map) return {};
    while (reader.more(container)) {
        const auto encoded_key = reader.skip();
        const auto value = reader.skip();
        if (cbor_text(encoded_key) == key) return value;
    }
    return {};
}

std::optional<double> cbor_number(std::string_view item) {
    const auto value = CborReader(item, "").next();
    if (is_float(value.kind)) return value.number;
    const auto magnitude = static_cast<double>(value.argument);
    if (value.kind == CborKind::unsigned_integer) return magnitude;
    if (value.kind == CborKind::negative_integer) return -1 - magnitude;
    return {};
}

std::optional<std::string> cbor_text(std::string_view item) {
    CborReader reader(item, "");
    const auto value = reader.next();
    if (value.kind != CborKind::text) return {};
    return std::string(value.content);
}

}  // namespace patchpipe
