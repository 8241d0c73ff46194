// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The audio file that a job's plug-in hears, opened by the tool: standard input and pipes are the
// tool's, and can be read once only.
#pragma once

#include <string>

#include "base/descriptor.h"

namespace patchpipe {

class JobInput {
 public:
    /// Opens the file and reads it once; a pipe, and so "-", standard input, is copied into a
    /// temporary file without a name. An npy file is taken to have sample_rate. Throws what
    /// AudioReader does.
    JobInput(const std::string& path, int sample_rate);

    /// The open file, at its beginning. Whoever reads through it moves its place. Throws Error io.
    [[nodiscard]] int rewound() const;
    [[nodiscard]] const std::string& hash() const { return hash_; }  ///< of the content
    [[nodiscard]] double duration() const { return duration_; }      ///< seconds

    /// True if the path means the tool's standard input.
    [[nodiscard]] static bool is_stdin(const std::string& path);

 private:
    std::string path_;
    Descriptor file_;
    std::string hash_;
    double duration_;
};

/// The audio files that a job's plug-ins hear; null where there is none.
struct HeardFiles {
    const JobInput* input = nullptr;
    const JobInput* side_chain = nullptr;
};

}  // namespace patchpipe
