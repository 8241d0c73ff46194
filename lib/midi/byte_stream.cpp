// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "midi/byte_stream.h"

#include <utility>

namespace patchpipe {
namespace {

constexpr std::uint8_t system = 0xf0, exclusive = 0xf0, end_of_exclusive = 0xf7, real_time = 0xf8;

// With the status; 0 for what is undefined.
std::size_t size_of(std::uint8_t status) {
    if (status < system) {
        const auto kind = status & 0xf0;
        return kind == 0xc0 || kind == 0xd0 ? 2 : 3;
    }
    switch (status) {
        case 0xf1:  // a quarter of a frame of time code
        case 0xf3:  // song select
            return 2;
        case 0xf2:  // song position
            return 3;
        case 0xf6:  // tune request
            return 1;
        default:
            return 0;
    }
}

}  // namespace

void MidiByteStream::add(Bytes bytes) {
    for (const auto byte : bytes) add(byte);
}

void MidiByteStream::add(std::uint8_t byte) {
    if (byte >= real_time) return take_({&byte, 1});
    if (byte >= 0x80) {
        if (is_exclusive_ && byte == end_of_exclusive) return end_exclusive();
        return begin(byte);
    }
    if (message_.empty()) return;  // of a message whose begin was not heard
    if (is_exclusive_ && message_.size() + 1 >= longest_) is_dropped_ = true;
    if (!is_dropped_) message_.push_back(byte);
    if (is_exclusive_ || message_.size() < size_) return;
    take_(message_);
    if (message_[0] < system)
        message_.resize(1);  // the next one may leave its status out
    else
        message_.clear();
}

// An exclusive message that is not ended is broken off.
void MidiByteStream::begin(std::uint8_t status) {
    message_.clear();
    is_exclusive_ = status == exclusive;
    is_dropped_ = false;
    size_ = size_of(status);
    if (is_exclusive_ || size_ > 1) message_.push_back(status);
    if (size_ == 1) take_({&status, 1});
}

void MidiByteStream::end_exclusive() {
    is_exclusive_ = false;
    message_.push_back(end_of_exclusive);
    if (std::exchange(is_dropped_, false))
        ++too_long_;
    else
        take_(message_);
    message_.clear();
}

}  // namespace patchpipe
