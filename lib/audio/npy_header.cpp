// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "audio/npy_header.h"

#include <algorithm>

#include "audio/npy_dictionary.h"
#include "base/byte_order.h"
#include "base/error.h"
#include "base/words.h"

namespace patchpipe {
namespace {

constexpr std::string_view magic = "\x93NUMPY";

// Finds the dictionary in the beginning of the file.
std::string_view find_dictionary(std::string_view begin, const std::string& path) {
    const auto cut_short = [&] {
        return Error(ErrorKind::corrupt, path,
                     "is cut short within its npy header; write it again");
    };
    if (begin.size() < magic.size() + 2) throw cut_short();
    const int version = static_cast<unsigned char>(begin[magic.size()]);
    if (version < 1 || version > 3)
        throw Error(ErrorKind::unsupported, path,
                    "is of npy version " + std::to_string(version) + "; 1 to 3 can be read");
    const std::size_t length_size = version == 1 ? 2 : 4;
    begin.remove_prefix(magic.size() + 2);
    if (begin.size() < length_size) throw cut_short();
    const auto length = little_endian_number(begin.substr(0, length_size));
    begin.remove_prefix(length_size);
    if (length > largest_npy_header - 16)
        throw Error(ErrorKind::corrupt, path,
                    "announces an npy header of " + std::to_string(length) +
                        " bytes, more than an array of samples needs; write the file again");
    if (begin.size() < length) throw cut_short();
    return begin.substr(0, length);
}

void check_samples(const NpyDictionary& array, const std::string& path) {
    const auto unsupported = [&](const std::string& what) {
        return Error(ErrorKind::unsupported, path, what);
    };
    if (array.descr != "<f4")
        throw unsupported("holds " +
                          (array.descr.empty() ? "structures"
                                               : "'" + printable(array.descr.substr(0, 40)) + "'") +
                          "; save it as float32 ('<f4')");
    if (array.shape.size() != 2)
        throw unsupported("has " + std::to_string(array.shape.size()) +
                          " dimensions; shape it as (channels, frames)");
    if (array.shape[0] < 1 || array.shape[0] > most_npy_channels)
        throw unsupported("has " + std::to_string(array.shape[0]) + " channels, must have 1 to " +
                          std::to_string(most_npy_channels) + "; shape it as (channels, frames)");
}

}  // namespace

std::string build_npy_header(int channels, std::int64_t frames) {
    constexpr std::size_t prefix = 10, alignment = 64;  // of the data in the file
    auto dictionary = "{'descr': '<f4', 'fortran_order': True, 'shape': (" +
                      std::to_string(channels) + ", " + std::to_string(frames) + "), }";
    const auto used = prefix + dictionary.size() + 1;
    dictionary.append((alignment - used % alignment) % alignment, ' ');
    dictionary += '\n';

    std::string header(magic);
    header += {'\1', '\0'};
    append_little_endian(header, static_cast<std::uint16_t>(dictionary.size()));
    return header + dictionary;
}

bool is_npy(std::string_view begin) { return begin.starts_with(magic); }

NpyHeader parse_npy_header(std::string_view begin, const std::string& path) {
    const auto dictionary = find_dictionary(begin, path);
    const auto array = parse_npy_dictionary(dictionary, path);
    check_samples(array, path);
    const auto data = dictionary.data() + dictionary.size() - begin.data();
    return {.channels = static_cast<int>(array.shape[0]),
            .frames = array.shape[1],
            .frame_by_frame = array.fortran_order,
            .data_begin = static_cast<std::size_t>(data)};
}

}  // namespace patchpipe
