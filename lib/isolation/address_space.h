// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The memory of this process at one moment: which mappings there are and what is in them. It can be
// put back to that.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "isolation/keeper.h"
#include "isolation/mappings.h"
#include "isolation/page_store.h"
#include "isolation/page_tracker.h"

namespace patchpipe {

/// An object must live in shared memory, which nothing puts back, and so must the stack on which
/// the functions are called. None of them allocates.
class AddressSpace {
 public:
    /// Opens what the other functions need. False if the kernel cannot do it.
    [[nodiscard]] bool open();

    static constexpr std::size_t descriptor_count = 4;

    /// Its descriptors.
    [[nodiscard]] std::array<int, descriptor_count> descriptors() const;

    /// Takes the present memory as what is put back. `own` is shared memory that stays as it is.
    /// False if it could not be put back: the process shares memory that it may write with others,
    /// or has too much memory.
    [[nodiscard]] bool take(std::span<const Range> own);

    /// Puts everything back, or returns what cannot be, in words that follow "it"; null if all is
    /// as it was. Protections are looked at only if they may have changed, or if sizes did.
    [[nodiscard]] const char* put_back(bool protection_changed);

    /// The address of a byte that is not as it was, or 0. Reads all memory. Skipped is a range that
    /// the kernel writes.
    [[nodiscard]] std::uintptr_t difference(Range skipped);

 private:
    static constexpr std::size_t most_segments = 256, most_found = 16384;

    struct Sizes {
        std::uint64_t all, writable;
        bool operator==(const Sizes&) const = default;
    };

    [[nodiscard]] Sizes sizes() const;
    [[nodiscard]] bool add(const Mapping& mapping, std::span<const Range> own);
    [[nodiscard]] bool protect() const;
    [[nodiscard]] PageTracker::Scan find_written();
    [[nodiscard]] bool shared_files_are_same() const;
    [[nodiscard]] bool nothing_has_grown() const;
    [[nodiscard]] const char* put_back_mappings();
    [[nodiscard]] bool put_back_part(Range part, const Mapping* now, const Mapping& old);
    [[nodiscard]] bool make_anew(Range range, const Mapping& old);
    [[nodiscard]] const char* put_back_pages();
    [[nodiscard]] const char* put_back_pages_in(Range range);

    PageTracker tracker_;
    Keeper keeper_;
    int maps_, sizes_file_;
    Sizes sizes_;
    Range stack_;  // with what it has grown by since
    std::uintptr_t break_;
    bool all_protected_;
    std::size_t tracked_, remade_;  // bytes
    std::size_t page_limit_, segment_count_, shared_count_, found_count_;
    std::array<Range, most_segments> segments_;  // between what is not tracked
    std::array<Mapping, most_segments> shared_;  // files that are only read
    std::array<Range, most_found> found_;
    Mappings then_, now_;
    std::array<char, 65536> compared_;
    PageStore pages_;
};

}  // namespace patchpipe
