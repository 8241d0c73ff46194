// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The Python dictionary that describes the array in an npy file's header. For lib/audio itself. Not
// here: what is in front of it, and what of it we can use (npy_header.h).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace patchpipe {

struct NpyDictionary {
    std::string descr;  ///< the type of a sample, "<f4"; empty if it is none but a structure
    bool fortran_order;
    std::vector<std::int64_t> shape;
};

/// Reads the literals that NumPy writes, keys in any order, and nothing else of Python. Throws
/// Error corrupt; path is for its sentence.
[[nodiscard]] NpyDictionary parse_npy_dictionary(const std::string& path, std::string_view text);

}  // namespace patchpipe
