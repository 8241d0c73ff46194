// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The Python dictionary that describes the array in an npy file's header. Only for lib/audio. Not
// here: what is in front of it, and which arrays are supported (npy_header.h).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace patchpipe {

struct NpyDictionary {
    std::string descr;  ///< the type of a sample, such as "<f4"; empty for a structure
    bool fortran_order;
    std::vector<std::int64_t> shape;
};

/// Parses the literals that NumPy writes, keys in any order, and no other Python. Throws Error
/// corrupt; path is for its message.
[[nodiscard]] NpyDictionary parse_npy_dictionary(std::string_view text, const std::string& path);

}  // namespace patchpipe
