// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a process printed last, for the error of the request that it died over.
#pragma once

#include <string>

#include "base/descriptor.h"

namespace patchpipe {

class LastWords {
 public:
    /// With `shown`, what is printed goes to standard error line by line, with control characters
    /// escaped, and is not kept. Throws Error io.
    explicit LastWords(bool shown);

    /// For the standard output and error of the plug-in's process. Writing there never waits:
    /// when the pipe is full, the output is lost. With `shown` it waits for listen() instead.
    [[nodiscard]] int writing_end() const { return writing_.get(); }

    /// Readable when something was printed.
    [[nodiscard]] int reading_end() const { return reading_.get(); }

    /// Takes what was printed, and shows it, or keeps the last 4 KiB of it. Does not wait.
    void listen();

    /// Shows a last line that does not end. The process has ended.
    void finish();

    /// Drops what was printed before.
    void forget();

    /// The last lines, as many as fit into a sentence; empty if nothing was printed.
    [[nodiscard]] std::string text() const;

 private:
    void show_lines();

    bool shown_;
    Descriptor reading_, writing_;  // ours stays open, so the pipe never ends
    std::string tail_;              // or what is not shown yet
};

}  // namespace patchpipe
