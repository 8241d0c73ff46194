// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "video/y4m.h"

#include <cstddef>
#include <utility>

namespace patchpipe {

Y4mStream::Y4mStream(int width, int height, const FrameRate& rate, Write write)
    : write_(std::move(write)) {
    write_("YUV4MPEG2 W" + std::to_string(width) + " H" + std::to_string(height) + " F" +
           std::to_string(rate.numerator) + ":" + std::to_string(rate.denominator) +
           " Ip A1:1 C420mpeg2 XYSCSS=420MPEG2 XCOLORRANGE=LIMITED\n");
}

void Y4mStream::add(const Frame& frame) {
    constexpr std::string_view head = "FRAME\n";
    const bool first = bytes_.empty();
    if (first) {
        bytes_ = head;
        bytes_.resize(head.size() + frame.pixels.size() * 3 / 2);
    }
    converter_.convert(frame, first ? Tiles(frame.width, frame.height) : frame.changed,
                       reinterpret_cast<unsigned char*>(bytes_.data() + head.size()));
    write_(bytes_);
}

}  // namespace patchpipe
