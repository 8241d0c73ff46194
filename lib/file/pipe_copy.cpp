// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "file/pipe_copy.h"

#include <fcntl.h>
#include <unistd.h>
#include <cerrno>
#include <chrono>
#include <thread>

#include "base/error.h"
#include "base/real_time.h"
#include "file/nameless_file.h"
#include "file/whole_file.h"

namespace patchpipe {
namespace {

// What a descriptor leads to was opened before: without a writer it has ended.
bool is_open_already(const std::string& path) {
    return path == "/dev/stdin" || named_descriptor(path);
}

// Returns the size of what came first, which may be nothing: where there is a writer, more may
// come.
std::size_t wait_for_writer(int pipe, const std::string& path, const std::string& name,
                            std::string& piece) {
    constexpr std::chrono::seconds patience{10};
    constexpr std::chrono::milliseconds pause{10};
    const auto deadline = RealClock::now() + patience;
    for (;;) {
        const auto got = repeated([&] { return ::read(pipe, piece.data(), piece.size()); });
        if (got > 0) return static_cast<std::size_t>(got);
        if (got < 0 && errno != EAGAIN) throw Error(ErrorKind::io, name, system_message(errno));
        if (got < 0 || is_open_already(path)) return 0;
        if (RealClock::now() >= deadline)
            throw Error(ErrorKind::io, name,
                        "is a FIFO that no program writes to; start one that does, or name a file");
        std::this_thread::sleep_for(pause);
    }
}

}  // namespace

Descriptor open_to_read(const std::string& path) {
    return Descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
}

Descriptor copy_pipe(int pipe, const std::string& path, const std::string& name) {
    auto file = nameless_file();
    std::string piece(std::size_t{1} << 18, '\0');
    auto size = wait_for_writer(pipe, path, name, piece);
    ::fcntl(pipe, F_SETFL, ::fcntl(pipe, F_GETFL) & ~O_NONBLOCK);
    for (std::uint64_t all = 0;;) {
        write_nameless(file.get(), {piece.data(), size});
        all += size;
        if (all > largest_pipe)
            refuse_unsupported(name, "has more than " + std::to_string(largest_pipe) +
                                         " bytes, the most of a pipe; name a file");
        const auto got = repeated([&] { return ::read(pipe, piece.data(), piece.size()); });
        if (got < 0) throw Error(ErrorKind::io, name, system_message(errno));
        if (got == 0) break;
        size = static_cast<std::size_t>(got);
    }
    if (::lseek(file.get(), 0, SEEK_SET) != 0)
        throw Error(ErrorKind::io, name, system_message(errno));
    return file;
}

}  // namespace patchpipe
