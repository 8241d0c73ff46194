// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "reload/build_command.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cerrno>
#include <csignal>
#include <string_view>

#include "base/descriptor.h"
#include "base/real_time.h"
#include "base/words.h"
#include "base/write.h"
#include "isolation/child.h"
#include "watch/diagnostics.h"

namespace patchpipe {
namespace {

constexpr std::chrono::milliseconds look{100}, time_to_end{1000};
constexpr std::size_t most_errors = 100, longest_line = 65536, most_tail = 2000;

[[noreturn]] void become_shell(const std::string& command, int output, pid_t parent) {
    die_with_parent(parent);
    setpgid(0, 0);
    (void)!nice(10);  // what plays comes first
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    std::signal(SIGPIPE, SIG_DFL);
    const int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (null < 0 || dup2(null, STDIN_FILENO) < 0 || dup2(output, STDOUT_FILENO) < 0 ||
        dup2(output, STDERR_FILENO) < 0)
        _exit(127);
    execl("/bin/sh", "sh", "-c", command.c_str(), nullptr);
    _exit(127);
}

// What was printed: the errors in it, and its last lines.
class Output {
 public:
    explicit Output(bool shown) : shown_(shown) {}

    void add(std::string_view bytes) {
        if (shown_) (void)try_write_all(STDERR_FILENO, bytes);
        line_ += bytes;
        for (auto end = line_.find('\n'); end != line_.npos; end = line_.find('\n')) {
            take(std::string_view(line_).substr(0, end));
            line_.erase(0, end + 1);
        }
        if (line_.size() > longest_line) line_.clear();
    }

    [[nodiscard]] std::vector<Error> errors(const std::string& how) {
        take(line_);
        if (errors_.empty())
            errors_.emplace_back(ErrorKind::plugin_load, "the build",
                                 how + (tail_.empty() ? "" : "; it printed: " + printable(tail_)));
        return std::move(errors_);
    }

 private:
    void take(std::string_view line) {
        if (line.empty()) return;
        if (errors_.size() < most_errors)
            if (auto error = diagnostics_.take(line)) errors_.push_back(std::move(*error));
        tail_ += (tail_.empty() ? "" : "; ") + std::string(line);
        if (tail_.size() > most_tail) tail_.erase(0, tail_.size() - most_tail);
    }

    bool shown_;
    Diagnostics diagnostics_;
    std::vector<Error> errors_;
    std::string line_, tail_;
};

// The processes of a group that may have been told to end.
class Group {
 public:
    explicit Group(pid_t pid) : pid_(pid) {}

    // Call it again and again.
    void end() {
        if (!was_told()) {
            told_ = RealClock::now();
            ::kill(-pid_, SIGTERM);
        } else if (is_late()) {
            ::kill(-pid_, SIGKILL);
        }
    }
    // When its first process has ended: the others, which are ours by now (isolation/orphans.h).
    void end_rest() {
        constexpr std::chrono::milliseconds step{5};
        for (; was_told() && lives() && !is_late(2); real_sleep(step))
            if (is_late()) ::kill(-pid_, SIGKILL);
    }

    [[nodiscard]] bool was_told() const { return told_ != RealClock::time_point(); }

 private:
    // Also takes leave of those that have ended.
    [[nodiscard]] bool lives() const {
        return repeated([&] { return waitpid(-pid_, nullptr, WNOHANG); }) >= 0;
    }
    [[nodiscard]] bool is_late(int times = 1) const {
        return RealClock::now() - told_ > times * time_to_end;
    }

    pid_t pid_;
    RealClock::time_point told_{};
};

}  // namespace

BuildResult run_build(const std::string& command, bool shown,
                      const std::function<bool()>& is_over) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) throw Error(ErrorKind::io, "pipe", system_message(errno));
    const Descriptor reading(ends[0]);
    Descriptor writing(ends[1]);
    const auto parent = getpid();
    auto starting = Child::starting();
    const auto pid = fork();
    if (pid == 0) become_shell(command, writing.get(), parent);
    Child shell(pid);
    starting.unlock();
    writing = Descriptor();
    (void)setpgid(pid, pid);  // whoever comes first

    Output output(shown);
    Group group(pid);
    auto next_look = RealClock::now();
    char bytes[4096];
    for (bool open = true, runs = true, over = false; runs;) {
        pollfd polled[] = {{open ? reading.get() : -1, POLLIN, 0}, {shell.pidfd(), POLLIN, 0}};
        real_poll(polled, 2, look);
        if (const auto now = RealClock::now(); now >= next_look) {
            next_look = now + look;
            over = over || is_over();
            if (over) group.end();
        }
        if (polled[0].revents) {
            const auto got = repeated([&] { return ::read(reading.get(), bytes, sizeof bytes); });
            open = got > 0;
            if (open) output.add({bytes, static_cast<std::size_t>(got)});
        } else {
            // A process that it left behind may keep the pipe open.
            runs = !polled[1].revents;
        }
    }
    const auto how = shell.end();
    group.end_rest();
    const bool ok = how == "exited with status 0";
    return {.ok = ok,
            .ended = group.was_told() && !ok,
            .how = how,
            .errors = ok ? std::vector<Error>() : output.errors(how)};
}

}  // namespace patchpipe
