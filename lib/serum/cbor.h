// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Reads and writes CBOR (RFC 8949) item by item. No tree is built, so memory does not grow with the
// input, and items are copied byte for byte. libcbor reads the items; its types stay inside. Not
// here: what the items mean to Serum (serum.h), JSON (cbor_json.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace patchpipe {

/// The deepest level of nested items, the outermost being 1. Deeper ones are refused, so that
/// recursion over checked CBOR is safe.
inline constexpr int deepest_cbor = 64;

enum class CborKind {
    unsigned_integer,
    negative_integer,  // -1 - argument
    bytes,
    text,
    array,
    map,
    tag,     // argument is its number; the tagged item follows
    simple,  // argument: 20 false, 21 true, 22 null, 23 undefined
    half,    // the three floats: argument is the bits, number the value
    single,
    real,
};

struct CborItem {
    CborKind kind{};
    std::uint64_t argument = 0;  // array, map: the entries not yet read, see CborReader::more
    std::uint8_t width = 0;      // bytes of the argument, 0 if it is part of the first byte
    bool indefinite = false;     // array, map: ends at a break, argument is unused
    double number = 0;           // floats
    std::string_view content;    // bytes, text: valid until the reader's next item
    std::string_view encoded;    // its bytes; of an array, map or tag the head alone
};

/// Walks over CBOR. Every call throws Error corrupt if the bytes are not CBOR.
class CborReader {
 public:
    /// name is for messages. Both views must outlive the reader.
    CborReader(std::string_view cbor, std::string_view name) : cbor_(cbor), name_(name) {}

    /// Returns the next item. For an array, a map or a tag it is the head, and the items inside
    /// follow.
    [[nodiscard]] CborItem next();

    /// True while the array or map has an entry left, which must then be read: one item of an
    /// array, two of a map. Counts container.argument down, and consumes the break of an indefinite
    /// one.
    [[nodiscard]] bool more(CborItem& container);

    /// Reads the floats of 32 and 64 bits that come next in the array, up to an item of another
    /// kind or the array's end, and returns their bytes. depth is that of the floats. Reading
    /// samples item by item would take seconds.
    std::string_view take_floats(CborItem& array, int depth);

    /// Reads the next item with everything in it and returns its bytes. depth is that of the item,
    /// 1 for the outermost.
    std::string_view skip(int depth = 1);

    /// Throw Error corrupt: if an item at that depth would be too deep; if bytes are left.
    void check_depth(int depth) const;
    void check_end() const;

    /// True if the next item is a text.
    [[nodiscard]] bool at_text() const;
    [[nodiscard]] std::size_t position() const { return at_; }
    [[nodiscard]] bool at_end() const { return at_ == cbor_.size(); }

 private:
    void skip_item(int depth);
    void gather_chunks(CborItem& item);
    [[noreturn]] void corrupt(const std::string& what) const;

    std::string_view cbor_, name_;
    std::size_t at_ = 0;
    std::string gathered_;  // the text or bytes of an item that came in chunks
};

/// Throws Error corrupt unless the bytes are one well-formed item, nested no deeper than
/// deepest_cbor, with nothing after it. Arrays and maps must have the entries that they declare.
void check_cbor(std::string_view cbor, std::string_view name);

/// Builds CBOR. Lengths are written in the shortest form.
class CborWriter {
 public:
    /// Writes the head of an array, a map (argument: its entries) or a tag, or a whole integer or
    /// simple value. width as in CborItem; by default the smallest that holds the argument.
    void head(CborKind kind, std::uint64_t argument, std::uint8_t width = 0);
    void text(std::string_view text);
    void bytes(std::string_view bytes);
    /// Writes a float by its kind (half, single or real) and its bits.
    void bits(CborKind kind, std::uint64_t bits);
    void real(double value);
    /// Writes items that are encoded already.
    void raw(std::string_view encoded) { out_ += encoded; }
    /// Inserts a head before everything written since size() was position.
    void insert_head(std::size_t position, CborKind kind, std::uint64_t argument,
                     std::uint8_t width = 0);

    /// Allocates memory for that many bytes in all, so that writing them never copies.
    void reserve(std::size_t size) { out_.reserve(size); }
    [[nodiscard]] std::size_t size() const { return out_.size(); }

    [[nodiscard]] std::string take() { return std::move(out_); }

 private:
    std::string out_;
};

/// The bytes of the value under a text key of a map; the first of several. Nothing if the key is
/// missing or the item is not a map. The CBOR must have been checked.
[[nodiscard]] std::optional<std::string_view> cbor_find(std::string_view map, std::string_view key);

/// The value of one checked item: an integer or a float of any width; a text. Nothing if it is
/// something else.
[[nodiscard]] std::optional<double> cbor_number(std::string_view item);
[[nodiscard]] std::optional<std::string> cbor_text(std::string_view item);

}  // namespace patchpipe
