// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a plug-in path names, and the files whose bytes its sound depends on.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace patchpipe {

/// The kinds that several folders know: what a plug-in is called in messages and records.
inline constexpr std::string_view vst2_kind = "VST2", vst3_kind = "VST3", lv2_kind = "LV2",
                                  logic_kind = "logic", chain_kind = "chain";

struct Source {
    std::string kind;  ///< of the Opener that opens it (opener.h)
    /// Names it from here on: the absolute path of a VST2's binary or of a VST3's bundle, the URI
    /// of an LV2, a JSON list of those for a chain.
    std::string identifier;
    /// Absolute paths of the files that are hashed; the first is what will be loaded.
    std::vector<std::string> files;
    /// Which one it is, if a file may hold several: the URI of an LV2. Else empty.
    std::string part = {};
};

/// The content_hash() of the file that is loaded: a VST2's, an LV2's, or the binary for this
/// machine in a VST3 bundle. Throws Error not-found or io.
[[nodiscard]] std::string binary_hash(const Source& source);

/// Tells one source from another: the hash of its files, and after a space its part. Throws Error
/// not-found or io.
[[nodiscard]] std::string source_hash(const Source& source);

/// True of patchpipe-shell, alone or in a chain: it plays code that a state or the environment
/// names, so that what it plays may change while its own files stay the same.
[[nodiscard]] bool carries_code(const Source& source);

/// What the file system tells of the files of a source without reading them. It changes when a file
/// is written anew or replaced.
class SourceState {
 public:
    /// A file that cannot be looked at counts as another than any that can be.
    explicit SourceState(const Source& source);
    bool operator==(const SourceState&) const = default;

    /// Equal where they are equal, to be kept and compared later.
    [[nodiscard]] std::string text() const;

 private:
    struct File {
        std::uint64_t device, inode, size;
        std::int64_t modified_s, modified_ns, changed_s, changed_ns;
        bool operator==(const File&) const = default;
    };
    std::vector<File> files_;
};

}  // namespace patchpipe
