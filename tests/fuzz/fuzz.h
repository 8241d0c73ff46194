// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The common part of the fuzz targets: bytes as text or as a file, and the rules that hold for any
// input. A target is a file in this folder with one function LLVMFuzzerTestOneInput. The suite's
// program has them all in one unit, so no two targets share a name of their own.
#pragma once

#include <sys/mman.h>
#include <unistd.h>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/utf8.h"
#include "base/words.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

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

/// Runs body. Returns false if it throws an Error or a UsageError, by which input is refused; any
/// other exception is a bug. An Error must fit into a record and be safe for a terminal.
template <typename Body>
bool accepted(const Body& body) {
    try {
        body();
        return true;
    } catch (const UsageError&) {  // for a terminal only; warn() escapes it
    } catch (const Error& error) {
        const std::string_view sentence = error.what();
        expect(!sentence.empty() && is_utf8(sentence), "an error is a sentence in UTF-8");
        expect(printable(sentence) == sentence, "an error shows no control characters");
    }
    return false;
}

/// Limits for an input of that size: processor time, which does not depend on how busy the machine
/// is, and the size of the output. Both are far above those of any known input, and far below those
/// of work that grows faster than the input. Construct it first; made() adds up sizes.
class Limits {
 public:
    explicit Limits(std::size_t input_size) : input_size_(input_size), begin_(processor_ms()) {}
    ~Limits() {
        constexpr std::int64_t least_ms = 2000, bytes_per_ms = 10;
        const auto most = least_ms + static_cast<std::int64_t>(input_size_) / bytes_per_ms;
        expect(processor_ms() - begin_ <= most, "the time is in proportion to the input");
        expect(made_ <= least_made + most_growth * input_size_, "so is what is made of it");
    }
    Limits(const Limits&) = delete;
    Limits& operator=(const Limits&) = delete;

    void made(std::size_t bytes) { made_ += bytes; }

 private:
    static constexpr std::size_t least_made = 1 << 16, most_growth = 64;

    static std::int64_t processor_ms() {
        timespec now{};
        ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
        return now.tv_sec * 1000 + now.tv_nsec / 1000000;
    }

    std::size_t input_size_;
    std::int64_t begin_;
    std::size_t made_ = 0;
};

/// Takes the first line from text.
inline std::string_view take_line(std::string_view& text) {
    const auto end = std::min(text.find('\n'), text.size());
    const auto line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return line;
}

/// A file in memory, for functions that read from a path or a descriptor.
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
