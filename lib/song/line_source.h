// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The lines of a file, each with the bytes that ended it, so that they can be written back as they
// were. Memory does not grow with the file. Not here: what is in a line (rpp_text.h).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/descriptor.h"

namespace patchpipe {

/// A longer line comes in pieces of at most this many bytes.
inline constexpr std::size_t longest_piece = std::size_t{1} << 20;

/// The bytes from which it is known what a file is; comments may be first.
inline constexpr std::size_t song_head_size = std::size_t{1} << 16;

struct SourceLine {
    std::string_view text;    ///< without what ended it; valid until the next call
    std::string_view end;     ///< "\n", "\r\n", "\r", or "" for the file's last line
    std::int64_t number = 1;  ///< from 1; pieces of a line have the same
    bool piece = false;       ///< part of a line that is too long; end is empty but for the last
};

class LineSource {
 public:
    /// Opens the file; "-" is standard input. What cannot be read twice, as a pipe, is first copied
    /// into a temporary file. Throws Error not-found or io.
    explicit LineSource(const std::string& path);

    /// Nothing at the end of the file. Throws Error io.
    std::optional<SourceLine> next();

    /// A place in the file, to come back to.
    struct Place {
        std::int64_t offset = 0;
        std::int64_t line = 1;
        bool within_line = false;
    };
    [[nodiscard]] Place place() const {
        return {offset_ + static_cast<std::int64_t>(begin_), line_, within_line_};
    }
    void go_to(const Place& place);

    /// The file's first bytes, at most `most`, without moving.
    [[nodiscard]] std::string head(std::size_t most) const;

    /// The file's size, and all of its bytes, without moving. Throws Error unsupported if there are
    /// more than `largest`.
    [[nodiscard]] std::uint64_t size() const;
    [[nodiscard]] std::string bytes(std::size_t largest) const;

    /// The name for messages.
    [[nodiscard]] const std::string& name() const { return name_; }

 private:
    void fill();
    [[nodiscard]] std::size_t find_end();
    [[nodiscard]] std::size_t length_of_end(std::size_t end);

    std::string name_;
    Descriptor file_;
    std::string buffer_;
    std::int64_t offset_ = 0;  // of the buffer in the file
    std::size_t begin_ = 0;    // of the next line in the buffer
    std::size_t newline_ = 0;  // of the next "\n" from begin_ on, or the buffer's size
    std::int64_t line_ = 1;
    bool within_line_ = false;
    bool ended_ = false;
    bool has_returns_ = false;  // whether the buffer has a "\r" at all
};

}  // namespace patchpipe
