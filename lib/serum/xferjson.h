// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The XferJson container of Serum 2: JSON metadata and a CBOR payload compressed with zstd. Presets
// and plug-in states both use it. Not here: what the metadata and the CBOR mean (serum.h).
//
//   9  "XferJson" and a NUL
//   8  u64, little-endian: length N of the metadata
//   N  a JSON object, UTF-8
//   4  u32, little-endian: bytes of CBOR once decompressed
//   4  u32, little-endian: format version, 2
//   M  one zstd frame, to the end
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace patchpipe {

/// The most bytes of CBOR. A container that declares more is refused before any memory is
/// allocated. Presets with samples have 160 MB.
inline constexpr std::size_t largest_cbor = std::size_t{1} << 30;

/// The most bytes of metadata. Real files have a few hundred.
inline constexpr std::size_t largest_xferjson_metadata = std::size_t{16} << 20;

struct XferJson {
    std::string_view metadata;    // the text of one JSON object, as in the file
    std::uint32_t cbor_size = 0;  // in bytes, as declared
    std::string_view payload;     // compressed; Serum's hash is the MD5 of these bytes
};

inline constexpr std::string_view xferjson_magic{"XferJson\0", 9};

/// True if the bytes begin as a container does, whatever follows.
[[nodiscard]] constexpr bool is_xferjson(std::string_view bytes) {
    return bytes.starts_with(xferjson_magic);
}

/// Returns the parts as views into bytes. name is for messages. Throws Error corrupt, and
/// unsupported for another format version and for sizes above the limits.
[[nodiscard]] XferJson parse_xferjson(std::string_view bytes, std::string_view name);

/// Returns the metadata alone; the bytes may end anywhere after it. Throws as parse_xferjson does.
[[nodiscard]] std::string_view parse_xferjson_metadata(std::string_view bytes,
                                                       std::string_view name);

/// How many bytes of a file are needed to read its metadata, by its first bytes; 0 if head is too
/// short to tell or the metadata is too large.
[[nodiscard]] std::size_t xferjson_head_size(std::string_view head);

/// Throws Error unsupported for more than 16 MiB of CBOR that are also more than 256 times the size
/// of their frame: numbers and samples do not become that small, and a file of some kilobytes must
/// not take gigabytes. Sizes are in bytes.
void check_cbor_size(std::size_t cbor_size, std::size_t payload_size, std::string_view name);

/// Returns the CBOR, exactly cbor_size bytes. Throws Error corrupt, and unsupported as
/// check_cbor_size() does. Beyond a small minimum, it never allocates more than four times the
/// bytes that the frame really holds.
[[nodiscard]] std::string decompress_cbor(const XferJson& container, std::string_view name);

/// Returns one zstd frame that states its own size.
[[nodiscard]] std::string compress_cbor(std::string_view cbor);

/// Returns the container's bytes. container.metadata is not checked.
[[nodiscard]] std::string build_xferjson(const XferJson& container);

}  // namespace patchpipe
