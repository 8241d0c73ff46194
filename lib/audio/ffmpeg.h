// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// ffmpeg as a child process: one end of a pipe to it or from it. It gets no terminal, says nothing
// but errors, and dies with us. What it reads may come from strangers: it is in the sandbox of
// plug-ins (isolation/sandbox.h), writes no file but the one that it inherits, and reaches no
// network.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/descriptor.h"
#include "base/real_time.h"
#include "isolation/child.h"
#include "isolation/sandbox.h"

namespace patchpipe {

/// A time in seconds as ffmpeg reads it, which takes no number with an exponent.
[[nodiscard]] std::string ffmpeg_time(double seconds);

class Ffmpeg {
 public:
    enum class Pipe { to, from };

    struct Settings {
        std::string subject;                 ///< the file, for messages
        std::vector<std::string> arguments;  ///< what comes after ffmpeg's general options
        int input = -1;  ///< the descriptor of what is its standard input, if it writes to us
        int kept = -1;   ///< the descriptor of a file that it inherits, and writes
        std::optional<std::int64_t> memory = {};     ///< bytes of address space that it may take
        std::optional<std::int64_t> file_size = {};  ///< bytes that a file may have which it writes
        std::optional<std::chrono::milliseconds> timeout = {};  ///< how long it may read a file
        std::string advice = "give a longer --timeout";  ///< for who has a file that takes longer
    };

    /// Starts it. Throws Error io.
    Ffmpeg(Pipe pipe, const Settings& settings);

    /// Writes to it. Throws Error io with what ffmpeg says, if it has ended.
    void write(std::string_view bytes);

    /// Reads from it until there are that many bytes or it ends; returns how many there are. Throws
    /// Error timeout, as finish() does.
    [[nodiscard]] std::size_t read(char* bytes, std::size_t size);

    /// Closes the pipe and waits. Throws Error with what ffmpeg says if it failed: unsupported
    /// where it was to read a file, and else io.
    void finish();

 private:
    void run(const Settings& settings, const Sandbox* sandbox, int child_end, char* const* words,
             char* const* variables) const;
    void wait_for(int fd) const;
    [[noreturn]] void fail(const std::string& how);

    std::string subject_;
    Pipe direction_;
    std::string advice_;
    std::optional<std::chrono::milliseconds> timeout_;
    RealClock::time_point begin_ = RealClock::now();
    Descriptor words_;  // a file with what it prints
    Descriptor pipe_;
    std::optional<Child> child_;
};

}  // namespace patchpipe
