// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "video/y4m.h"

#include <utility>

namespace patchpipe {

Y4mStream::Y4mStream(int width, int height, const FrameRate& rate, Write write)
    : write_(std::move(write)) {
    write_("YUV4MPEG2 W" + std::to_string(width) + " H" + std::to_string(height) + " F" +
           std::to_string(rate.numerator) + ":" + std::to_string(rate.denominator) +
           " Ip A1:1 C420mpeg2 XYSCSS=420MPEG2 XCOLORRANGE=LIMITED\n");
}

void Y4mStream::add(const Frame& frame) {
    bytes_ = "FRAME\n";
    converter_.append(frame, bytes_);
    write_(bytes_);
}

}  // namespace patchpipe
