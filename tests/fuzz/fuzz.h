// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the fuzz targets have in common: bytes as text or as a file, and what must hold whatever the
// input is. A target is a file in this folder with one function LLVMFuzzerTestOneInput.
#pragma once

#include <sys/mman.h>
#include <unistd.h>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "record/error.h"
#include "record/json.h"

namespace patchpipe::fuzz {

inline std::string_view as_text(const std::uint8_t* data, std::size_t size) {
    return {reinterpret_cast<const char*>(data), size};
}

/// libFuzzer keeps the input of a process that aborts.
inline void expect(bool holds, const char* what) {
    if (holds) return;
    std::fprintf(stderr, "does not hold: %s\n", what);
    std::abort();
}

/// Runs body. False if it ended with an Error or a UsageError, which is how input is refused; all
/// else that it throws is a bug. An Error must be fit for a record and for a terminal.
template <typename Body>
bool accepted(const Body& body) {
    try {
        body();
        return true;
    } catch (const UsageError&) {  // for a terminal only, and warn() sees to that
    } catch (const Error& error) {
        const std::string_view sentence = error.what();
        expect(!sentence.empty() && is_utf8(sentence), "an error is a sentence in UTF-8");
        expect(printable(sentence) == sentence, "an error shows no control characters");
    }
    return false;
}

/// Takes the first line from text.
inline std::string_view take_line(std::string_view& text) {
    const auto end = std::min(text.find('\n'), text.size());
    const auto line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return line;
}

/// A file in memory, for what reads from a path or a descriptor.
class MemoryFile {
 public:
    explicit MemoryFile(std::string_view bytes) : fd_(memfd_create("fuzz", MFD_CLOEXEC)) {
        const auto written = ::pwrite(fd_, bytes.data(), bytes.size(), 0);
        expect(written == static_cast<ssize_t>(bytes.size()), "the input can be written to memory");
    }
    ~MemoryFile() { ::close(fd_); }
    MemoryFile(const MemoryFile&) = delete;
    MemoryFile& operator=(const MemoryFile&) = delete;

    [[nodiscard]] int fd() const { return fd_; }
    [[nodiscard]] std::string path() const { return "/proc/self/fd/" + std::to_string(fd_); }

 private:
    int fd_;
};

}  // namespace patchpipe::fuzz
