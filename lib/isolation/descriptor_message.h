// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A message of a local socket that a descriptor can go with.
#pragma once

#include <sys/socket.h>
#include <cstddef>

#include "base/descriptor.h"

namespace patchpipe {

class DescriptorMessage {
 public:
    /// The message is, or is received into, these bytes, of which there must be at least one: alone
    /// a descriptor is not sent. They stay the caller's.
    DescriptorMessage(void* bytes, std::size_t size);
    DescriptorMessage(const DescriptorMessage&) = delete;
    DescriptorMessage& operator=(const DescriptorMessage&) = delete;

    /// Has it sent along. It stays open here.
    void put(int fd);
    /// The one that came along, or none. Take it once.
    [[nodiscard]] Descriptor take();

    /// For recvmsg(), and for sendmsg() after put().
    [[nodiscard]] msghdr* header() { return &header_; }

 private:
    iovec part_;
    alignas(cmsghdr) char control_[CMSG_SPACE(sizeof(int))] = {};
    msghdr header_{};
};

}  // namespace patchpipe
