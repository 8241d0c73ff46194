// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the kernel keeps of a process besides its memory, and a forked child would have of its own:
// descriptors, signal handlers, limits, the current folder and the like.
#pragma once

#include <poll.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <array>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <span>

namespace patchpipe {

/// True for devices that keep nothing for who uses them: memory, such as /dev/null and
/// /dev/urandom, and terminals.
[[nodiscard]] bool is_harmless_device(dev_t device);

/// An object can live in any memory that is zero at first, and no function allocates.
class ProcessState {
 public:
    /// Takes the present state down. `own` are at most 20 descriptors of the caller, which are only
    /// counted. `inherited` are those that this process was started with: others use the same open
    /// files, so nothing is read from them, and the place in them stays where it is.
    /// False if there is something that could not be put back: a device, several threads, timers.
    [[nodiscard]] bool take(std::span<const int> own, std::span<const int> inherited);

    /// Puts it back, or returns what cannot be, in words that follow "it"; null if all is as it
    /// was.
    [[nodiscard]] const char* put_back();

 private:
    struct File {
        int fd;
        dev_t device;
        ino_t inode;
        mode_t type;
        off_t offset;          // -1 if it is not put back
        int flags, own_flags;  // of the open file, -1 if they are not put back, and the descriptor
        bool is_parents;       // the parent has the same open file under the same number
    };
    using Handler = std::array<unsigned long, 4>;  // as the kernel has it
    static constexpr std::size_t most_files = 512, most_own = 32, signals = 64, name_size = 16,
                                 rights_size = 4096;

    [[nodiscard]] bool take_files(std::span<const int> own, std::span<const int> inherited);
    [[nodiscard]] const char* put_back_files();
    [[nodiscard]] static bool put_back_file(const File& file);
    [[nodiscard]] bool is_same(const File& file) const;
    [[nodiscard]] long difference_to_parents(int fd) const;
    [[nodiscard]] bool read_rights(std::span<char> text) const;
    [[nodiscard]] bool close_new_files();
    [[nodiscard]] bool drain_new_input();
    [[nodiscard]] const char* put_back_signals();
    [[nodiscard]] const char* put_back_limits();
    [[nodiscard]] const char* put_back_attributes() const;
    [[nodiscard]] bool is_own(int fd) const;
    [[nodiscard]] std::size_t count_files() const;
    [[nodiscard]] std::size_t count_threads() const;

    pid_t self_, parent_;
    int tasks_, fds_, timers_, folder_, status_;
    std::size_t thread_count_, open_count_, own_count_, file_count_, polled_count_;
    std::array<int, most_own> own_;
    std::array<File, most_files> files_;
    std::array<pollfd, most_files> polled_;  // with what could be read then
    std::array<Handler, signals + 1> handlers_;
    std::uint64_t pending_;
    stack_t signal_stack_;
    std::array<rlimit, RLIM_NLIMITS> limits_;
    mode_t umask_;
    std::uint64_t personality_;
    int niceness_, dumpable_, death_signal_, scheduler_, input_priority_, keeps_capabilities_;
    int timer_slack_, no_huge_pages_, reaper_, write_or_execute_, memory_policy_;
    std::array<char, rights_size> rights_;  // lines of /proc/self/status
    cpu_set_t processors_;
    std::array<char, name_size> name_;
};

}  // namespace patchpipe
