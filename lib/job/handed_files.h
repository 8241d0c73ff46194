// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The presets, the states and the MIDI file that a request names, opened by the tool on behalf of
// the process with the plug-in, which may not be able to (sandbox.h). Not here: audio that a
// plug-in hears (job_input.h).
#pragma once

#include <vector>

#include "base/descriptor.h"
#include "isolation/isolated_process.h"
#include "record/record.h"

namespace patchpipe {

class HandedFiles {
 public:
    /// Opens the files of the job in the request. Throws Error bad-record, what open_preset_file()
    /// throws, and not-found, io or unsupported for another file.
    explicit HandedFiles(const Record& request);

    /// To be sent with the request, while this object lives.
    [[nodiscard]] std::vector<SentFile> list() const;

 private:
    struct File {
        FileName name;
        Descriptor fd;
    };

    void add_sound(const Record& settings, std::size_t link);

    std::vector<File> files_;
};

}  // namespace patchpipe
