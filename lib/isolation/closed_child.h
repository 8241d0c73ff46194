// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A process that is forked for code that reads what strangers made, and that needs nothing but what
// it is handed: no file to open, no network, no other program. It is leaner than an
// IsolatedProcess: it executes nothing and starts in less than a millisecond.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "base/descriptor.h"
#include "isolation/child.h"

namespace patchpipe {

class ClosedChild {
 public:
    /// Forks it. serve runs in there, with its end of a socket that keeps messages apart, and the
    /// process ends with it, or with this one. It may take so many MiB more than this process has.
    /// What it prints goes nowhere. Throws Error io.
    ClosedChild(std::int64_t max_memory, const std::function<void(int socket)>& serve);

    /// This end of the socket. It reads as ended when the process has.
    [[nodiscard]] int socket() const { return socket_.get(); }

    /// Waits for its end, which kill brings about, and says how it came: "killed by SIGSEGV".
    [[nodiscard]] std::string end(bool kill);

 private:
    Descriptor socket_;
    std::optional<Child> process_;
};

}  // namespace patchpipe
