// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A logic library, loaded: its file may be overwritten, replaced or deleted from then on, and
// another build of it may be loaded beside it. Not here: its instances (instance.h), which must be
// gone before it is unloaded.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/descriptor.h"
#include "logic/canary.h"

extern "C" {
struct patchpipe_logic;
}

namespace patchpipe {

/// Bytes that a logic library's file may have.
inline constexpr std::size_t largest_logic_library = std::size_t{1} << 30;

/// True for a file of this machine with a logic library's note in it. Does not throw.
[[nodiscard]] bool is_logic_library(const std::string& path);

/// The bytes of a logic library's file. Looks at the note and loads nothing. Throws Error not-found
/// or io; unsupported for what is no logic library for this machine, with what it is; unsupported
/// with all differences for one whose header is not ours; plugin-load for a damaged one.
[[nodiscard]] std::string read_logic_library(const std::string& path);

class LogicLibrary {
 public:
    /// Reads the file once, and loads what was read: a private copy without a name. Throws what
    /// read_logic_library() throws, before any code of it runs; Error plugin-load with the reason
    /// if the loader refuses it, or if what it says of itself makes no sense.
    explicit LogicLibrary(const std::string& path);
    ~LogicLibrary() { unload(); }
    LogicLibrary(const LogicLibrary&) = delete;
    LogicLibrary& operator=(const LogicLibrary&) = delete;

    /// Where the file was.
    [[nodiscard]] const std::string& path() const { return path_; }
    /// The content_hash() of the bytes that were loaded.
    [[nodiscard]] const std::string& hash() const { return hash_; }
    /// Not after unload().
    [[nodiscard]] const patchpipe_logic& logic() const { return *logic_; }
    /// True if its samples are double, not float.
    [[nodiscard]] bool is_double() const { return is_double_; }

    /// Runs its destructors. False if the process keeps it all the same (plugin/unloading.h), and
    /// then the copy too. Called again, does nothing.
    bool unload();

 private:
    void find_logic();

    std::string path_, hash_;
    Descriptor copy_;  // open for as long as the library is loaded: its path is the copy's name
    void* handle_ = nullptr;
    const patchpipe_logic* logic_ = nullptr;
    bool is_double_ = false, stays_ = false;
};

}  // namespace patchpipe
