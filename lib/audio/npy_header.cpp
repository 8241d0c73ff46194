// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "audio/npy_header.h"

namespace patchpipe {

std::string npy_header(int channels, std::int64_t frames) {
    constexpr std::size_t prefix = 10, alignment = 64;  // of the data in the file
    auto dictionary = "{'descr': '<f4', 'fortran_order': True, 'shape': (" +
                      std::to_string(channels) + ", " + std::to_string(frames) + "), }";
    const auto used = prefix + dictionary.size() + 1;
    dictionary.append((alignment - used % alignment) % alignment, ' ');
    dictionary += '\n';

    std::string header = "\x93NUMPY\x01";
    header += '\0';
    header += static_cast<char>(dictionary.size() & 0xff);
    header += static_cast<char>(dictionary.size() >> 8);
    return header + dictionary;
}

}  // namespace patchpipe
