// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "isolation/page_tracker.h"

#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <algorithm>
#include <array>

namespace patchpipe {
namespace {

// The headers of Debian 12 lack these of Linux 6.7: linux/userfaultfd.h and linux/fs.h.
constexpr std::uint64_t async_protection = 1 << 15, protection_of_holes = 1 << 13;
constexpr std::uint64_t protect_found = 1 << 0, refuse_untracked = 1 << 1;
constexpr std::uint64_t trackable = 1 << 0, is_written = 1 << 1;

struct PageRegion {
    std::uint64_t start, end, categories;
};
struct ScanArguments {
    std::uint64_t size, flags, start, end, end_of_walk, regions, region_count, most_pages;
    std::uint64_t inverted, all_of, any_of, wanted;
};
constexpr auto pagemap_scan = _IOWR('f', 16, ScanArguments);

ScanArguments arguments_for(Range range, std::uint64_t flags, std::uint64_t category) {
    ScanArguments arguments{};
    arguments.size = sizeof arguments;
    arguments.flags = flags;
    arguments.start = range.start;
    arguments.end = range.end;
    arguments.all_of = arguments.wanted = category;
    return arguments;
}

}  // namespace

int moved_up(int fd) {
    if (fd < 0) return -1;
    constexpr long first = 100, room = 20;
    const int higher =
        fcntl(fd, F_DUPFD_CLOEXEC, std::max(0L, std::min(first, sysconf(_SC_OPEN_MAX) - room)));
    close(fd);
    return higher;
}

bool PageTracker::open() {
    auto& [faults, pagemap] = descriptors_;
    faults = moved_up(static_cast<int>(syscall(SYS_userfaultfd, O_CLOEXEC | UFFD_USER_MODE_ONLY)));
    pagemap = moved_up(::open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC));
    uffdio_api wanted{};
    wanted.api = UFFD_API;
    wanted.features = async_protection | protection_of_holes;
    return faults >= 0 && pagemap >= 0 && ioctl(faults, UFFDIO_API, &wanted) == 0 &&
           sees_missing_tables();
}

// Without a correction of July 2026, which Linux 6.18.44 has, the kernel does not tell of pages
// that have no page table. So it would not tell of 2 MiB that a job gave up (MADV_DONTNEED), and
// would take code for written that a job is the first to run.
bool PageTracker::sees_missing_tables() const {
    constexpr std::size_t of_table = std::size_t{2} << 20;
    void* const memory =
        mmap(nullptr, 2 * of_table, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) return false;
    const auto start = reinterpret_cast<std::uintptr_t>(memory);
    const auto first = (start + of_table - 1) / of_table * of_table;
    std::array<Range, 1> found{};
    std::size_t count = 0;
    const bool seen = add({start, start + 2 * of_table}) &&
                      written({first, first + of_table}, found, count) == Scan::done &&
                      count == 1 && found[0].size() == of_table;
    munmap(memory, 2 * of_table);
    return seen;
}

bool PageTracker::add(Range mapping) const {
    uffdio_register request{};
    request.range = {.start = mapping.start, .len = mapping.size()};
    request.mode = UFFDIO_REGISTER_MODE_WP;
    return ioctl(descriptors_[0], UFFDIO_REGISTER, &request) == 0;
}

bool PageTracker::protect(Range range) const {
    auto arguments = arguments_for(range, protect_found, is_written);
    return ioctl(descriptors_[1], pagemap_scan, &arguments) >= 0;
}

PageTracker::Scan PageTracker::written(Range range, std::span<Range> found,
                                       std::size_t& count) const {
    // On the stack, because the answer is larger than what the caller needs of it.
    PageRegion regions[256];
    while (range.start < range.end) {
        auto arguments = arguments_for(range, refuse_untracked, is_written);
        arguments.regions = reinterpret_cast<std::uint64_t>(regions);
        arguments.region_count = std::size(regions);
        const auto size = ioctl(descriptors_[1], pagemap_scan, &arguments);
        if (size < 0) return Scan::untracked;
        for (int i = 0; i < size; ++i) {
            if (count == found.size()) return Scan::too_many;
            found[count++] = {regions[i].start, regions[i].end};
        }
        if (arguments.end_of_walk <= range.start) return Scan::untracked;
        range.start = arguments.end_of_walk;
    }
    return Scan::done;
}

// Asks for what is not trackable: the kernel then looks at mappings only, not at their pages.
bool PageTracker::tracks(Range range) const {
    PageRegion region;
    auto arguments = arguments_for(range, refuse_untracked, trackable);
    arguments.inverted = trackable;
    arguments.regions = reinterpret_cast<std::uint64_t>(&region);
    arguments.region_count = 1;
    return ioctl(descriptors_[1], pagemap_scan, &arguments) == 0;
}

}  // namespace patchpipe
