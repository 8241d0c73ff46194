// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "isolation/address_space.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <algorithm>
#include <charconv>
#include <cstring>

namespace patchpipe {
namespace {

// More than this of addresses, and looking through their page tables takes longer than a fork.
constexpr std::size_t most_bytes = std::size_t{8} << 30;
// More than this of memory that a job unmapped, and making it again does.
constexpr std::size_t most_remade = std::size_t{256} << 20;
// Pages that were written are left unprotected, and put back after every job: that takes a tenth of
// the time that the kernel needs to notice a write. Fewer than this are never worth the trouble.
constexpr std::size_t fewest_pages = 256;

// PROCMAP_QUERY of Linux 6.11, which the headers of Debian 12 lack (linux/fs.h).
struct MappingQuery {
    std::uint64_t size, flags, address, start, end, mapping_flags, page_size, offset, inode;
    std::uint32_t device_major, device_minor, name_size, build_id_size;
    std::uint64_t name, build_id;
};
constexpr auto query_mapping = _IOWR('f', 17, MappingQuery);

std::uintptr_t current_break() { return static_cast<std::uintptr_t>(syscall(SYS_brk, 0)); }

void* pointer_to(std::uintptr_t address) { return reinterpret_cast<void*>(address); }

}  // namespace

bool AddressSpace::open() {
    maps_ = moved_up(::open("/proc/self/maps", O_RDONLY | O_CLOEXEC));
    sizes_file_ = moved_up(::open("/proc/self/statm", O_RDONLY | O_CLOEXEC));
    return maps_ >= 0 && sizes_file_ >= 0 && sysconf(_SC_PAGESIZE) == page_size && tracker_.open();
}

std::array<int, AddressSpace::descriptor_count> AddressSpace::descriptors() const {
    const auto tracking = tracker_.descriptors();
    return {tracking[0], tracking[1], maps_, sizes_file_};
}

// Pages of all mappings, and of those that may be written (proc_pid_statm(5)).
AddressSpace::Sizes AddressSpace::sizes() const {
    constexpr int all = 0, writable = 5, fields = 6;
    char text[256];
    const auto size = pread(sizes_file_, text, sizeof text, 0);
    const char *at = text, *const end = text + std::max<ssize_t>(size, 0);
    std::uint64_t values[fields] = {};
    for (auto& value : values) {
        at = std::from_chars(at, end, value).ptr;
        if (at < end) ++at;
    }
    return {values[all], values[writable]};
}

// Also ends a segment before a mapping that is not tracked, and begins one behind it.
bool AddressSpace::add(const Mapping& mapping, std::span<const Range> own) {
    const bool is_own = std::any_of(own.begin(), own.end(), [&](const Range& range) {
        return range.contains(mapping.range.start);
    });
    auto& segment = segments_[segment_count_];
    if (!is_own && !mapping.is_kernels && !mapping.shared) {
        tracked_ += mapping.range.size();
        segment.end = mapping.range.end;
        return tracker_.add(mapping.range);
    }
    if (!is_own && !mapping.is_kernels) {
        if (shared_count_ == shared_.size() || can_be_written(mapping)) return false;
        shared_[shared_count_++] = mapping;
    }
    segment.end = mapping.range.start;
    if (segment.size() > 0 && ++segment_count_ == segments_.size()) return false;
    segments_[segment_count_] = {mapping.range.end, mapping.range.end};
    return true;
}

bool AddressSpace::take(std::span<const Range> own) {
    if (!keeper_.start() || !then_.read(maps_)) return false;
    break_ = current_break();
    tracked_ = segment_count_ = shared_count_ = 0;
    segments_[0] = {page_size, page_size};
    for (const auto& mapping : then_.all())
        if (!mapping.is_outside() && !add(mapping, own)) return false;
    if (segments_[segment_count_].size() > 0) ++segment_count_;
    sizes_ = sizes();
    stack_ = then_.stack();
    all_protected_ = true;
    return tracked_ <= most_bytes && protect();
}

bool AddressSpace::protect() const {
    return std::all_of(segments_.begin(), segments_.begin() + segment_count_,
                       [&](const Range& segment) { return tracker_.protect(segment); });
}

// Something of the same size may have replaced one. Before Linux 6.11 the kernel does not tell, so
// they count as changed.
bool AddressSpace::shared_files_are_same() const {
    return std::all_of(
        shared_.begin(), shared_.begin() + shared_count_, [&](const Mapping& mapping) {
            MappingQuery query{};
            query.size = sizeof query;
            query.address = mapping.range.start;
            return ioctl(maps_, query_mapping, &query) == 0 && query.start == mapping.range.start &&
                   query.end == mapping.range.end && query.inode == mapping.inode &&
                   query.offset == mapping.offset &&
                   ((std::uint64_t{query.device_major} << 32) | query.device_minor) ==
                       mapping.device;
        });
}

PageTracker::Scan AddressSpace::find_written() {
    found_count_ = 0;
    for (std::size_t i = 0; i < segment_count_; ++i)
        if (const auto scan = tracker_.written(segments_[i], found_, found_count_);
            scan != PageTracker::Scan::done)
            return scan;
    return PageTracker::Scan::done;
}

// What a mapping has grown by counts as written. Sizes do not tell of it if another one has shrunk
// by as much.
bool AddressSpace::nothing_has_grown() const {
    bool all_known = true;
    for (std::size_t i = 0; i < found_count_; ++i)
        then_.for_each_part(found_[i], [&](Range part, const Mapping* mapping) {
            all_known = all_known && (mapping || stack_.contains(part.start));
        });
    return all_known;
}

const char* AddressSpace::put_back(bool protection_changed) {
    if (!keeper_.is_readable()) return "lost its rights or its copy";
    auto scan = PageTracker::Scan::untracked;
    if (!protection_changed && sizes() == sizes_ && shared_files_are_same()) scan = find_written();
    if (scan == PageTracker::Scan::untracked || !nothing_has_grown()) {
        if (const auto* why = put_back_mappings()) return why;
        scan = find_written();
    }
    if (scan == PageTracker::Scan::untracked) return "replaced a mapping";
    if (scan == PageTracker::Scan::too_many) return "wrote to too much memory";
    return put_back_pages();
}

// Takes longer than everything else: reading the list takes a microsecond a mapping.
const char* AddressSpace::put_back_mappings() {
    if (current_break() != break_ && syscall(SYS_brk, break_) != static_cast<long>(break_))
        return "moved the end of its heap";
    if (!now_.read(maps_)) return "made too many mappings";
    for (const auto& now : now_.all())
        then_.for_each_part(now.range, [&](Range part, const Mapping* old) {
            // A stack that has grown stays so long.
            if (!old && !now.is_stack && !now.is_kernels)
                munmap(pointer_to(part.start), part.size());
        });
    if (!now_.read(maps_)) return "made too many mappings";
    remade_ = 0;
    bool done = true;
    for (const auto& old : then_.all())
        now_.for_each_part(old.range, [&](Range part, const Mapping* now) {
            done = done && put_back_part(part, now, old);
        });
    sizes_ = sizes();
    stack_ = now_.stack();
    return done ? nullptr : "changed a mapping";
}

bool AddressSpace::put_back_part(Range part, const Mapping* now, const Mapping& old) {
    if (old.is_kernels) return true;
    const bool is_same = now && now->is_of_same(old) && (old.shared || tracker_.tracks(part));
    if (!is_same) return make_anew(part, old);
    return now->protection == old.protection ||
           mprotect(pointer_to(part.start), part.size(), old.protection) == 0;
}

// Of files only the program knows how it mapped them.
bool AddressSpace::make_anew(Range range, const Mapping& old) {
    remade_ += range.size();
    if (!old.is_anonymous() || remade_ > most_remade) return false;
    auto* memory = pointer_to(range.start);
    return mmap(memory, range.size(), PROT_READ | PROT_WRITE,
                MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == memory &&
           tracker_.add(range) && keeper_.read(range, static_cast<char*>(memory)) &&
           mprotect(memory, range.size(), old.protection) == 0 && tracker_.protect(range);
}

const char* AddressSpace::put_back_pages() {
    std::size_t pages = 0;
    for (std::size_t i = 0; i < found_count_; ++i) pages += found_[i].size() / page_size;
    if (pages > PageStore::most_pages) return "wrote to too much memory";
    for (std::size_t i = 0; i < found_count_; ++i)
        if (const auto* why = put_back_pages_in(found_[i])) return why;
    // After a job with all pages protected, as many were written as a job writes.
    if (all_protected_) page_limit_ = std::max(fewest_pages, 2 * pages);
    all_protected_ = pages > page_limit_;
    return all_protected_ && !protect() ? "could not be protected" : nullptr;
}

const char* AddressSpace::put_back_pages_in(Range range) {
    const char* why = nullptr;
    then_.for_each_part(range, [&](Range part, const Mapping* mapping) {
        if (why) return;
        if (!mapping) {  // where the stack has grown
            if (madvise(pointer_to(part.start), part.size(), MADV_DONTNEED) != 0 ||
                !tracker_.protect(part))
                why = "moved its stack";
        } else if (!mapping->is_writable()) {
            why = "wrote to memory that is only read";
        } else if (!pages_.put_back(part, keeper_)) {
            why = "ended the copy of its process";
        }
    });
    return why;
}

std::uintptr_t AddressSpace::difference(Range skipped) {
    for (const auto& mapping : then_.all()) {
        if (mapping.shared || mapping.is_kernels || !mapping.is_writable()) continue;
        for (auto at = mapping.range.start; at < mapping.range.end;) {
            const Range part{at, std::min(at + compared_.size(), mapping.range.end)};
            if (!keeper_.read(part, compared_.data())) return part.start;
            const auto* bytes = static_cast<const char*>(pointer_to(at));
            for (std::size_t i = 0; i < part.size(); ++i)
                if (bytes[i] != compared_[i] && !skipped.contains(at + i)) return at + i;
            at = part.end;
        }
    }
    return 0;
}

}  // namespace patchpipe
