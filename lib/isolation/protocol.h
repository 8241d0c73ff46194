// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What both ends of an isolated process have to agree on. A request is a number, a word, the names
// of files and a record, the answer its number and a record, with spaces between: what is left of
// an answer to an earlier request is not taken for this one's. The descriptors of the files follow
// the request, in the order of the names.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "record/record.h"

namespace patchpipe {

/// Who answers the requests to an isolated process.
enum class Answering : int {
    itself,   ///< what a request leaves behind, the next one finds
    forked,   ///< a forked child for each
    rewound,  ///< a forked child that is put back after each (rewind.h); where that cannot be done,
              ///< a forked child for each
};

/// The descriptors that an isolated process is started with; they are in its command line.
struct InheritedDescriptors {
    int socket;  ///< messages: the setup, then requests; a reply to each
    int board;   ///< shared memory
};

inline constexpr std::string_view isolated_option = "--host-process";

/// Nothing unless argv is {tool, --host-process, "socket,board"}.
[[nodiscard]] std::optional<InheritedDescriptors> inherited_descriptors(int argc, char** argv);

/// What a file is to its request, and the format that the tool found it to have, or empty. Both are
/// words without a colon.
struct FileName {
    std::string role, format = {};
    bool operator==(const FileName&) const = default;
};

struct Request {
    std::string verb;
    std::vector<FileName> files;
    Record fields;
};

[[nodiscard]] std::string build_request(std::string_view verb, const std::vector<FileName>& files,
                                        const Record& fields);
/// Throws Error bad-record if it is not words and a record.
[[nodiscard]] Request parse_request(std::string_view message);

/// Puts the number before the message.
[[nodiscard]] std::string with_number(std::uint64_t number, std::string_view message);
/// Removes the number at the start of the message and returns it. Returns nothing if there is none.
[[nodiscard]] std::optional<std::uint64_t> split_number(std::string& message);

/// In the answer to the setup: why children of the process could carry something from one request
/// to the next that nobody sees, in words that follow the name of what is open.
inline constexpr std::string_view unforkable_field = "unforkable";

/// Instead of the answer: the process wants the file to write, which it cannot open itself. The
/// tool sends a record, an error or the field "straight" (WholeFile::straight()), and unless it is
/// an error the file's descriptor. Both have the number of the request.
inline constexpr std::string_view output_word = "output";

/// The error for a process that ended, or was ended because it hung, without a reply. subject is
/// what was open in it, doing what the board says, how what Child::end() said.
[[nodiscard]] Error death_of(std::string_view subject, std::string_view doing, bool hung,
                             std::chrono::milliseconds timeout, std::string_view how);

}  // namespace patchpipe
