// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The header of a NumPy array file (numpy.lib.format documents it): magic, version, a little-endian
// length of 16 bits (version 1.0) or 32 (2.0 and 3.0), then a Python dictionary padded with spaces
// and ended by a newline. Not here: the samples.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace patchpipe {

/// Returns the header for little-endian float32 samples that follow frame by frame. The array's
/// shape is (channels, frames), so the first index varies fastest, which NumPy calls Fortran order.
[[nodiscard]] std::string build_npy_header(int channels, std::int64_t frames);

/// True if the bytes begin like an npy file.
[[nodiscard]] bool is_npy(std::string_view begin);

struct NpyHeader {
    int channels;  ///< 1 to most_npy_channels
    std::int64_t frames;
    bool frame_by_frame;     ///< Fortran order; else channel by channel
    std::size_t data_begin;  ///< where in the file the samples begin
};

/// As many as libsndfile accepts.
inline constexpr std::int64_t most_npy_channels = 1024;
/// The most bytes that a header can need.
inline constexpr std::size_t largest_npy_header = std::size_t{1} << 16;

/// Parses a header from the beginning of a file: its first largest_npy_header bytes or all of it.
/// Throws Error corrupt for a damaged header, unsupported for anything but little-endian float32 in
/// the shape (channels, frames); path is for the message.
[[nodiscard]] NpyHeader parse_npy_header(std::string_view begin, const std::string& path);

}  // namespace patchpipe
