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

/// For little-endian float32 samples that follow frame by frame. In the array's order of indices,
/// (channels, frames), the first one then runs fastest, which NumPy calls Fortran order.
[[nodiscard]] std::string npy_header(int channels, std::int64_t frames);

/// True if it begins like an npy file.
[[nodiscard]] bool is_npy(std::string_view begin);

struct NpyHeader {
    int channels;  ///< 1 to most_npy_channels
    std::int64_t frames;
    bool frame_by_frame;     ///< Fortran order; else one channel after the other
    std::size_t data_begin;  ///< where in the file the samples begin
};

/// As many as libsndfile takes.
inline constexpr std::int64_t most_npy_channels = 1024;
/// A header never needs more of a file's beginning.
inline constexpr std::size_t largest_npy_header = std::size_t{1} << 16;

/// Reads the beginning of a file, largest_npy_header bytes of it or all. Throws Error with path in
/// it: corrupt for a damaged header, unsupported for anything but little-endian float32 in the
/// shape (channels, frames).
[[nodiscard]] NpyHeader read_npy_header(const std::string& path, std::string_view begin);

}  // namespace patchpipe
