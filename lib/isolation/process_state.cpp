// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "isolation/process_state.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <string_view>
#include <utility>

#include "base/real_time.h"
#include "isolation/page_tracker.h"

namespace patchpipe {
namespace {

constexpr std::size_t bytes_of_mask = 8;  // of the kernel's signal sets
constexpr int get_write_or_execute = 66;  // PR_GET_MDWE, which older headers lack

int is_reaper() {
    int value = 0;
    prctl(PR_GET_CHILD_SUBREAPER, &value, 0, 0, 0);
    return value;
}

int memory_policy() {
    int mode = 0;
    syscall(SYS_get_mempolicy, &mode, nullptr, 0, nullptr, 0);
    return mode;
}

bool is_pollable(mode_t type) { return !S_ISREG(type) && !S_ISDIR(type) && !S_ISLNK(type); }

// False if the other end is in another process.
bool is_own_pipe(int fd, mode_t type) {
    if (!S_ISSOCK(type)) return S_ISFIFO(type);
    ucred peer{};
    socklen_t size = sizeof peer;
    return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 && peer.pid == getpid();
}

std::uint64_t pending_signals() {
    std::uint64_t pending = 0;
    syscall(SYS_rt_sigpending, &pending, bytes_of_mask);
    return pending;
}

// Processes that were started here and live, or wait to be reaped.
bool has_children() {
    siginfo_t info{};
    return waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT | __WALL) == 0 || errno != ECHILD;
}

bool has_timers(int timers) {
    char byte;
    return lseek(timers, 0, SEEK_SET) != 0 || read(timers, &byte, 1) != 0;
}

void stop_interval_timers() {
    const itimerval none{};
    for (const auto timer : {ITIMER_REAL, ITIMER_VIRTUAL, ITIMER_PROF})
        setitimer(timer, &none, nullptr);
}

// A forked child has no locks on files or memory, and its own end would release them. A lock that
// stays makes other processes wait.
bool release_locks(int fd) {
    flock whole{};
    whole.l_type = F_UNLCK;
    whole.l_whence = SEEK_SET;
    return fcntl(fd, F_SETLK, &whole) == 0 || errno == EBADF;  // of O_PATH
}

constexpr int own_process = 1;  // IOPRIO_WHO_PROCESS

int input_priority() { return static_cast<int>(syscall(SYS_ioprio_get, own_process, 0)); }

int death_signal() {
    int signal = 0;
    prctl(PR_GET_PDEATHSIG, &signal);
    return signal;
}

std::uint64_t current_personality() {
    constexpr unsigned long no_change = 0xffffffff;
    return static_cast<std::uint64_t>(personality(no_change));
}

// Calls visit with each descriptor that is open. Not by readdir(), which allocates.
template <typename Visit>
bool for_each_descriptor(int fds, Visit visit) {
    alignas(dirent64) char entries[4096];
    if (lseek(fds, 0, SEEK_SET) != 0) return false;
    for (;;) {
        const auto size = getdents64(fds, entries, sizeof entries);
        if (size <= 0) return size == 0;
        for (ssize_t at = 0; at < size;) {
            const auto* entry = reinterpret_cast<const dirent64*>(entries + at);
            const auto* end = entry->d_name + std::strlen(entry->d_name);
            int fd = 0;
            if (std::from_chars(entry->d_name, end, fd).ptr == end) visit(fd);
            at += entry->d_reclen;
        }
    }
}

}  // namespace

bool is_harmless_device(dev_t device) {
    constexpr unsigned memory = 1, terminals = 4, own_terminal = 5, first_pty = 136, last_pty = 143;
    const auto kind = major(device);
    return kind == memory || kind == terminals || kind == own_terminal ||
           (kind >= first_pty && kind <= last_pty);
}

// The number of links counts the threads (fs/proc/base.c of the kernel).
std::size_t ProcessState::count_threads() const {
    struct stat info {};
    return fstat(tasks_, &info) == 0 ? info.st_nlink : 0;
}

// The size is their number, since Linux 6.2.
std::size_t ProcessState::count_files() const {
    struct stat info {};
    return fstat(fds_, &info) == 0 ? static_cast<std::size_t>(info.st_size) : 0;
}

bool ProcessState::take(std::span<const int> own, std::span<const int> inherited) {
    tasks_ = moved_up(open("/proc/self/task", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    fds_ = moved_up(open("/proc/self/fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    timers_ = moved_up(open("/proc/self/timers", O_RDONLY | O_CLOEXEC));
    folder_ = moved_up(open(".", O_PATH | O_DIRECTORY | O_CLOEXEC));
    status_ = moved_up(open("/proc/self/status", O_RDONLY | O_CLOEXEC));
    if (tasks_ < 0 || fds_ < 0 || timers_ < 0 || folder_ < 0 || status_ < 0) return false;
    // What a process that it started leaves behind becomes its child too.
    if (prctl(PR_SET_CHILD_SUBREAPER, 1) != 0) return false;
    constexpr std::size_t links_of_one_thread = 3;
    thread_count_ = count_threads();
    if (thread_count_ != links_of_one_thread || has_children() || has_timers(timers_)) return false;
    for (std::size_t signal = 1; signal <= signals; ++signal)
        syscall(SYS_rt_sigaction, signal, nullptr, &handlers_[signal], bytes_of_mask);
    pending_ = pending_signals();
    sigaltstack(nullptr, &signal_stack_);
    for (std::size_t i = 0; i < limits_.size(); ++i)
        getrlimit(static_cast<__rlimit_resource>(i), &limits_[i]);
    umask_ = umask(0);
    umask(umask_);
    personality_ = current_personality();
    niceness_ = getpriority(PRIO_PROCESS, 0);
    dumpable_ = prctl(PR_GET_DUMPABLE);
    death_signal_ = death_signal();
    scheduler_ = sched_getscheduler(0);
    syscall(SYS_sched_getaffinity, 0, sizeof processors_, &processors_);
    prctl(PR_GET_NAME, name_.data());
    input_priority_ = input_priority();
    keeps_capabilities_ = prctl(PR_GET_KEEPCAPS);
    timer_slack_ = prctl(PR_GET_TIMERSLACK);
    no_huge_pages_ = prctl(PR_GET_THP_DISABLE, 0, 0, 0, 0);
    reaper_ = is_reaper();
    write_or_execute_ = prctl(get_write_or_execute, 0, 0, 0, 0);
    memory_policy_ = memory_policy();
    return take_files(own, inherited) && read_rights(rights_);
}

bool ProcessState::take_files(std::span<const int> own, std::span<const int> inherited) {
    self_ = getpid();
    parent_ = getppid();
    own_count_ = 0;
    for (const int fd : own) own_[own_count_++] = fd;
    for (const int fd : {tasks_, fds_, timers_, folder_, status_}) own_[own_count_++] = fd;
    file_count_ = polled_count_ = 0;
    bool possible = true;
    const bool listed = for_each_descriptor(fds_, [&](int fd) {
        if (is_own(fd)) return;
        struct stat info {};
        possible = possible && file_count_ < files_.size() && fstat(fd, &info) == 0 &&
                   !S_ISBLK(info.st_mode) &&
                   (!S_ISCHR(info.st_mode) || is_harmless_device(info.st_rdev));
        if (!possible) return;
        const bool is_shared = std::find(inherited.begin(), inherited.end(), fd) != inherited.end();
        const bool has_offset = !is_shared && (S_ISREG(info.st_mode) || S_ISDIR(info.st_mode));
        files_[file_count_++] = {.fd = fd,
                                 .device = info.st_dev,
                                 .inode = info.st_ino,
                                 .type = info.st_mode & S_IFMT,
                                 .offset = has_offset ? lseek(fd, 0, SEEK_CUR) : -1,
                                 .flags = is_shared ? -1 : fcntl(fd, F_GETFL),
                                 .own_flags = fcntl(fd, F_GETFD),
                                 .is_parents = difference_to_parents(fd) == 0};
        if (!is_shared && is_pollable(info.st_mode)) polled_[polled_count_++] = {fd, POLLIN, 0};
    });
    open_count_ = count_files();
    possible = possible && open_count_ == file_count_ + own_count_;
    return listed && possible && real_poll(polled_.data(), polled_count_, {}) >= 0;
}

bool ProcessState::is_own(int fd) const {
    return std::find(own_.begin(), own_.begin() + own_count_, fd) != own_.begin() + own_count_;
}

bool ProcessState::close_new_files() {
    std::array<int, most_files> found;
    std::size_t count = 0;
    const std::span files(files_.data(), file_count_);
    const bool listed = for_each_descriptor(fds_, [&](int fd) {
        const bool known =
            is_own(fd) || std::any_of(files.begin(), files.end(),
                                      [&](const File& file) { return file.fd == fd; });
        if (!known && count < found.size()) found[count++] = fd;
    });
    for (std::size_t i = 0; i < count; ++i) close(found[i]);
    return listed && count_files() == open_count_;
}

// A byte that woke nobody, and would wake the next one.
bool ProcessState::drain_new_input() {
    std::array<short, most_files> before;
    for (std::size_t i = 0; i < polled_count_; ++i) before[i] = polled_[i].revents;
    const auto poll_again = [&] { return real_poll(polled_.data(), polled_count_, {}); };
    if (poll_again() < 0) return false;
    bool drained = false;
    for (std::size_t i = 0; i < polled_count_; ++i) {
        const int fd = polled_[i].fd;
        if (!(polled_[i].revents & POLLIN) || (before[i] & POLLIN)) continue;
        struct stat info {};
        if (fstat(fd, &info) != 0 || !is_own_pipe(fd, info.st_mode) ||
            !(fcntl(fd, F_GETFL) & O_NONBLOCK))
            return false;
        for (char bytes[512]; read(fd, bytes, sizeof bytes) > 0;) {
        }
        drained = true;
    }
    if (drained && poll_again() < 0) return false;
    return std::equal(polled_.data(), polled_.data() + polled_count_, before.data(),
                      [](const pollfd& now, short then) { return now.revents == then; });
}

// 0 if both processes have the same open file, positive if not, negative if the kernel cannot tell
// or the parent ends.
long ProcessState::difference_to_parents(int fd) const {
    constexpr int open_files = 0;  // KCMP_FILE
    return syscall(SYS_kcmp, self_, parent_, open_files, fd, fd);
}

// Two open files can have one device and inode: two descriptors of one path, and all eventfds.
bool ProcessState::is_same(const File& file) const {
    if (file.is_parents)
        if (const auto difference = difference_to_parents(file.fd); difference >= 0)
            return difference == 0;
    struct stat info {};
    return fstat(file.fd, &info) == 0 && info.st_dev == file.device && info.st_ino == file.inode;
}

bool ProcessState::put_back_file(const File& file) {
    if (file.offset >= 0 && lseek(file.fd, 0, SEEK_CUR) != file.offset &&
        lseek(file.fd, file.offset, SEEK_SET) != file.offset)
        return false;
    if (file.flags >= 0 && fcntl(file.fd, F_GETFL) != file.flags &&
        (fcntl(file.fd, F_SETFL, file.flags) != 0 || fcntl(file.fd, F_GETFL) != file.flags))
        return false;
    if (fcntl(file.fd, F_GETFD) != file.own_flags && fcntl(file.fd, F_SETFD, file.own_flags) != 0)
        return false;
    return file.type != S_IFREG || release_locks(file.fd);
}

const char* ProcessState::put_back_files() {
    if (count_files() != open_count_ && !close_new_files()) return "closed a file";
    for (std::size_t i = 0; i < file_count_; ++i) {
        if (!is_same(files_[i])) return "closed a file";
        if (!put_back_file(files_[i])) return "changed a file's position, flags or locks";
    }
    return drain_new_input() ? nullptr : "left input in a pipe or socket";
}

// Of the lines, in their order: user and groups, process group and session, and what it may do.
bool ProcessState::read_rights(std::span<char> text) const {
    constexpr std::pair<std::string_view, std::string_view> parts[] = {
        {"\nUid:", "\nFDSize:"}, {"\nGroups:", "\nVmPeak:"}, {"\nCapInh:", "\nCpus_allowed:"}};
    std::array<char, rights_size> status;
    const auto size = pread(status_, status.data(), status.size(), 0);
    const std::string_view all(status.data(), static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
    std::fill(text.begin(), text.end(), '\0');
    for (auto at = text.begin(); const auto& [first, end] : parts) {
        const auto from = all.find(first), to = all.find(end, from);
        if (from == all.npos || to == all.npos) return false;
        at = std::copy(all.begin() + from, all.begin() + to, at);
    }
    return true;
}

const char* ProcessState::put_back_signals() {
    stop_interval_timers();
    for (std::size_t signal = 1; signal <= signals; ++signal) {
        Handler now{};
        syscall(SYS_rt_sigaction, signal, nullptr, &now, bytes_of_mask);
        if (now != handlers_[signal] &&
            syscall(SYS_rt_sigaction, signal, &handlers_[signal], nullptr, bytes_of_mask) != 0)
            return "changed a signal's handler";
    }
    if (pending_signals() != pending_) return "left a signal pending";
    sigaltstack(&signal_stack_, nullptr);
    return nullptr;
}

const char* ProcessState::put_back_limits() {
    for (std::size_t i = 0; i < limits_.size(); ++i) {
        const auto limit = static_cast<__rlimit_resource>(i);
        rlimit now{};
        getrlimit(limit, &now);
        const auto& then = limits_[i];
        const bool same = now.rlim_cur == then.rlim_cur && now.rlim_max == then.rlim_max;
        if (!same && setrlimit(limit, &then) != 0) return "lowered a limit";
    }
    if (getpriority(PRIO_PROCESS, 0) != niceness_ && setpriority(PRIO_PROCESS, 0, niceness_) != 0)
        return "changed its priority";
    if (sched_getscheduler(0) != scheduler_) return "changed its scheduling";
    cpu_set_t processors;
    std::memset(&processors, 0, sizeof processors);
    syscall(SYS_sched_getaffinity, 0, sizeof processors, &processors);
    if (!CPU_EQUAL(&processors, &processors_) &&
        syscall(SYS_sched_setaffinity, 0, sizeof processors_, &processors_) < 0)
        return "changed its processors";
    return nullptr;
}

const char* ProcessState::put_back_attributes() const {
    if (prctl(get_write_or_execute, 0, 0, 0, 0) != write_or_execute_ ||
        memory_policy() != memory_policy_)
        return "changed rules for its memory";
    if (fchdir(folder_) != 0) return "left a folder that it cannot enter any more";
    umask(umask_);
    if (current_personality() != personality_) personality(personality_);
    if (prctl(PR_GET_DUMPABLE) != dumpable_) prctl(PR_SET_DUMPABLE, dumpable_);
    prctl(PR_SET_PDEATHSIG, death_signal_);
    prctl(PR_SET_NAME, name_.data());
    prctl(PR_SET_TIMERSLACK, timer_slack_);
    prctl(PR_SET_KEEPCAPS, keeps_capabilities_);
    prctl(PR_SET_CHILD_SUBREAPER, reaper_, 0, 0, 0);
    if (prctl(PR_GET_THP_DISABLE, 0, 0, 0, 0) != no_huge_pages_)
        prctl(PR_SET_THP_DISABLE, no_huge_pages_, 0, 0, 0);
    if (input_priority() != input_priority_)
        syscall(SYS_ioprio_set, own_process, 0, input_priority_);
    munlockall();
    return nullptr;
}

const char* ProcessState::put_back() {
    if (count_threads() != thread_count_) return "left a thread";
    if (has_children()) return "left a process";
    if (has_timers(timers_)) return "left a timer";
    std::array<char, rights_size> rights;
    if (!read_rights(rights) || rights != rights_) return "changed its user, group or rights";
    if (const auto* why = put_back_files()) return why;
    if (const auto* why = put_back_signals()) return why;
    if (const auto* why = put_back_limits()) return why;
    return put_back_attributes();
}

}  // namespace patchpipe
