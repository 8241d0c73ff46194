// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The hash by which audio, presets and plug-ins are compared.
#pragma once

#include <memory>
#include <string>
#include <string_view>

struct XXH3_state_s;

namespace patchpipe {

/// "xxh128:" and 32 hexadecimal digits, XXH3's 128 bits over the bytes; xxhsum -H2 prints the same
/// digits.
[[nodiscard]] std::string content_hash(std::string_view bytes);

/// The same for bytes that come in pieces.
class ContentHash {
 public:
    ContentHash();
    void add(std::string_view piece);
    [[nodiscard]] std::string text() const;

 private:
    struct FreeState {
        void operator()(XXH3_state_s* state) const;
    };
    std::unique_ptr<XXH3_state_s, FreeState> state_;
};

/// The same for a regular file's bytes. Throws Error not-found, io or unsupported; the last one
/// also for a file of more than largest bytes.
[[nodiscard]] std::string file_hash(const std::string& path, std::size_t largest);

}  // namespace patchpipe
