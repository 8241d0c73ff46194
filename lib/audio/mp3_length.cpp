// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "audio/mp3_length.h"

#include <algorithm>
#include <string_view>

#include "audio/id3_tag.h"
#include "base/byte_order.h"
#include "file/offset.h"

namespace patchpipe {

// After the name come flags, then the number of frames, if the first flag is set, then the number
// of bytes, if the second is.
Mp3Length read_mp3_length(int fd, const std::string& name) {
    constexpr std::size_t id3_header = 10, most_side_info = 64, number = 4;
    constexpr unsigned has_frames = 1, has_bytes = 2;
    Mp3Length length{.begin = id3_tag_size(read_at(fd, 0, id3_header, name))};
    const auto frame = read_at(fd, static_cast<std::int64_t>(length.begin), most_side_info, name);
    const auto at = std::min(frame.find("Xing"), frame.find("Info"));
    if (at == frame.npos || frame.size() < at + 4 * number) return length;
    auto numbers = std::string_view(frame).substr(at + number);
    const auto take = [&] {
        const auto value = read_big_endian<std::uint32_t>(numbers);
        numbers.remove_prefix(number);
        return value;
    };
    const auto flags = take();
    if ((flags & has_frames) != 0) length.frames = take();
    if ((flags & has_bytes) != 0) length.bytes = take();
    return length;
}

}  // namespace patchpipe
