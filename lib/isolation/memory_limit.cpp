// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "isolation/memory_limit.h"

#include <sys/resource.h>
#include <unistd.h>
#include <algorithm>
#include <fstream>

#include "base/sanitized.h"

namespace patchpipe {

bool limit_memory(std::int64_t mebibytes) {
#ifdef PATCHPIPE_SANITIZED
    return mebibytes > 0;
#endif
    rlimit limit{};
    if (getrlimit(RLIMIT_DATA, &limit) != 0) return false;
    limit.rlim_max = std::min(limit.rlim_max, static_cast<rlim_t>(mebibytes) << 20);
    limit.rlim_cur = std::min(limit.rlim_cur, limit.rlim_max);
    return setrlimit(RLIMIT_DATA, &limit) == 0;
}

std::int64_t memory_taken() {
    std::ifstream statistics("/proc/self/statm");
    std::int64_t size = 0, resident = 0, shared = 0, code = 0, libraries = 0, data = 0;
    if (!(statistics >> size >> resident >> shared >> code >> libraries >> data)) return 0;
    constexpr std::int64_t mebibyte = std::int64_t{1} << 20;
    return (data * sysconf(_SC_PAGESIZE) + mebibyte - 1) / mebibyte;
}

}  // namespace patchpipe
