// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "isolation/descriptor_message.h"

#include <cstring>

namespace patchpipe {

DescriptorMessage::DescriptorMessage(void* bytes, std::size_t size) : part_{bytes, size} {
    header_.msg_iov = &part_;
    header_.msg_iovlen = 1;
    header_.msg_control = control_;
    header_.msg_controllen = sizeof control_;
}

void DescriptorMessage::put(int fd) {
    auto* const item = CMSG_FIRSTHDR(&header_);
    item->cmsg_level = SOL_SOCKET;
    item->cmsg_type = SCM_RIGHTS;
    item->cmsg_len = CMSG_LEN(sizeof fd);
    std::memcpy(CMSG_DATA(item), &fd, sizeof fd);
}

Descriptor DescriptorMessage::take() {
    const auto* const item = CMSG_FIRSTHDR(&header_);
    int fd = -1;
    if (item && item->cmsg_type == SCM_RIGHTS) std::memcpy(&fd, CMSG_DATA(item), sizeof fd);
    return Descriptor(fd);
}

}  // namespace patchpipe
