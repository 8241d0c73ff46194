// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What both ends of a host process have to agree on.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "isolation/channel.h"
#include "record/record.h"

namespace patchpipe {

/// The descriptors that a host process is started with; they stand in its command line.
struct HostDescriptors {
    int socket;  ///< messages: the setup, then jobs; a reply to each
    int board;   ///< shared memory
};

inline constexpr std::string_view host_option = "--host-process";

/// Nothing unless argv is {tool, --host-process, "socket,board"}.
[[nodiscard]] std::optional<HostDescriptors> host_descriptors(int argc, char** argv);

/// A message is a job, which begins with its brace, or one of these words and a record: play a
/// probe, only load a job's preset, describe the plug-in.
inline constexpr std::string_view probe_word = "probe ", load_word = "load ",
                                  describe_word = "describe ";

/// What the process with the plug-in says when it wants to write a job's file, which it cannot open
/// itself. The tool sends a record, an error or the field "straight" (WholeFile::straight()), and
/// after that without an error the file's descriptor.
inline constexpr std::string_view open_word = "open";

/// The error for a process that ended, or was ended because it hung, without a reply. how is what
/// Child::end() said.
[[nodiscard]] Error death_of(std::string_view plugin, Phase phase, bool hung,
                             std::chrono::milliseconds timeout, std::string_view how);

/// The error that a record is.
[[nodiscard]] Error error_of(const Record& fields);

}  // namespace patchpipe
