// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "job/job_input.h"

#include <fcntl.h>
#include <unistd.h>
#include <cerrno>

#include "audio/audio_input.h"
#include "audio/cut_audio.h"
#include "base/error.h"
#include "file/content_hash.h"
#include "file/offset.h"
#include "file/whole_file.h"

namespace patchpipe {
namespace {

std::string hash_of(int fd, const std::string& path) {
    ContentHash hash;
    std::string piece(1 << 16, '\0');
    for (std::int64_t offset = 0;;) {
        const auto got = read_at(fd, offset, piece.data(), piece.size(), path);
        if (got == 0) return hash.text();
        hash.add({piece.data(), got});
        offset += static_cast<std::int64_t>(got);
    }
}

// The same open file, whose place a reader moves.
AudioReader reader_of(int fd, const std::string& path) {
    return AudioReader(Descriptor(fcntl(fd, F_DUPFD_CLOEXEC, 0)), path);
}

}  // namespace

bool JobInput::is_stdin(const std::string& path) {
    return path == "-" || named_descriptor(path) == STDIN_FILENO;
}

JobInput::JobInput(const std::string& path, int sample_rate)
    : path_(path),
      file_(open_audio(is_stdin(path) ? "/dev/stdin" : path)),
      hash_(hash_of(file_.get(), path)),
      duration_(audio_duration(reader_of(file_.get(), path), sample_rate)) {
    if (!is_stdin(path)) refuse_unless_all_is_read(path);
}

int JobInput::rewound() const {
    if (lseek(file_.get(), 0, SEEK_SET) != 0)
        throw Error(ErrorKind::io, path_, system_message(errno));
    return file_.get();
}

}  // namespace patchpipe
