// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The pages of an Ogg file (RFC 3533): "OggS", flags, a position, the serial number of the stream,
// the page's own number, a checksum, and the sizes of the segments that follow.
#pragma once

#include <cstdint>
#include <string>

namespace patchpipe {

/// Writes one fixed serial number and the right checksum into every page that begins before offset
/// end. libsndfile makes serial numbers from the clock, so that equal audio would make different
/// files. Throws Error io, for whose message name is, and std::logic_error if the file is not Ogg.
void seal_ogg_pages(int fd, std::int64_t end, const std::string& name);

/// Returns whether a file of size bytes ends exactly at the end of a page marked as the last of its
/// stream. Throws Error io.
[[nodiscard]] bool ends_with_last_page(int fd, std::int64_t size, const std::string& name);

/// Returns whether a stream begins behind others in a file of Ogg pages, rather than beside them;
/// false for other files. Looks no further than to where no page begins. Throws Error io.
[[nodiscard]] bool is_chained_ogg(int fd, const std::string& name);

}  // namespace patchpipe
