// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What runs in an isolated process: it opens something once, then answers requests. The process
// itself is server.h's; who asks is isolated_process.h.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/descriptor.h"
#include "base/real_time.h"
#include "record/record.h"

namespace patchpipe {

/// An open file that a request is written to.
struct OutputFile {
    Descriptor fd = {};
    bool straight = false;  ///< as WholeFile::straight()
};

/// A file that came with a request.
struct InputFile {
    Descriptor fd;
    std::string format;  ///< as the tool found it; may be empty
};

/// The tool that asks, as seen from the isolated process.
class Asker {
 public:
    virtual ~Asker() = default;

    /// Notes what the process is doing, in words that follow "while": the error has them if the
    /// process dies or hangs.
    virtual void note(std::string_view doing) = 0;

    /// Asks the tool to open the file of the request. Throws the Error that the tool got.
    [[nodiscard]] virtual OutputFile open_output() = 0;

    /// The file of that role which the tool opened and sent along with the request, at its
    /// beginning. Take it once. Throws Error io if none came.
    [[nodiscard]] virtual InputFile take_input(std::string_view role) = 0;

    /// When the tool stops waiting for this answer.
    [[nodiscard]] virtual RealClock::time_point deadline() const = 0;
};

class Handler {
 public:
    virtual ~Handler() = default;

    /// Does what all requests share. Returns fields that the tool wants to know. Throws Error, and
    /// the process ends then.
    [[nodiscard]] virtual Record open(const Record& setup, Asker& asker) = 0;

    /// What is open, for messages.
    [[nodiscard]] virtual std::string name() const = 0;

    /// Called first in the child that is to answer a request. The pipes and sockets that the
    /// process has with itself are the child's own by then (base/inner_pipes.h).
    virtual void begin_child() {}

    /// True if the protection of memory may have changed since then. Only asked for in a child that
    /// is put back to begin_child().
    [[nodiscard]] virtual bool protection_was_changed() const { return false; }

    /// The fields of the answer. Throws Error, which becomes the answer.
    [[nodiscard]] virtual Record answer(std::string_view verb, const Record& request,
                                        Asker& asker) = 0;

    /// Called after each answer, also an error, in a process that gives several.
    virtual void clean_up() {}
};

}  // namespace patchpipe
