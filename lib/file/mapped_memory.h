// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Memory that processes share under a descriptor.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "base/descriptor.h"

namespace patchpipe {

/// New memory of zeroes, whose size nobody can change: otherwise a process that uses it could die
/// of another one that makes it shorter. Throws Error io.
[[nodiscard]] Descriptor make_shared_memory(const std::string& name, std::size_t size);

/// The memory of a descriptor, for reading and writing.
class MappedMemory {
 public:
    /// Throws Error io.
    MappedMemory(const Descriptor& fd, std::size_t size);

    [[nodiscard]] char* begin() const { return memory_.get(); }

 private:
    struct Unmap {
        std::size_t size;
        void operator()(char* memory) const;
    };
    std::unique_ptr<char, Unmap> memory_;
};

}  // namespace patchpipe
