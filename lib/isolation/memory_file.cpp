// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "isolation/memory_file.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/vfs.h>
#include <unistd.h>
#include <vector>

#include "base/descriptor.h"
#include "file/content_hash.h"

namespace patchpipe {

bool is_in_memory(int fd) {
    struct statfs info {};
    return ::fstatfs(fd, &info) == 0 && (info.f_type == TMPFS_MAGIC || info.f_type == RAMFS_MAGIC ||
                                         info.f_type == HUGETLBFS_MAGIC);
}

std::optional<std::string> hash_of_contents(int fd) {
    constexpr std::size_t piece = 65536;
    const Descriptor again(
        ::open(("/proc/self/fd/" + std::to_string(fd)).c_str(), O_RDONLY | O_NOATIME | O_CLOEXEC));
    ContentHash hash;
    std::vector<char> bytes(piece);
    for (std::size_t size = 0; size <= most_looked_at;) {
        const auto got = ::read(again.get(), bytes.data(), bytes.size());
        if (got < 0) return {};
        if (got == 0) return hash.text();
        hash.add({bytes.data(), static_cast<std::size_t>(got)});
        size += static_cast<std::size_t>(got);
    }
    return {};
}

}  // namespace patchpipe
