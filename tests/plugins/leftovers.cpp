// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A VST2 that leaves something behind: a note of velocity 77 changes what LEFTOVER in the
// environment names. Every note plays 0.25 if that is as it was when the plug-in was loaded, and
// 0.5 if not.
#include <dirent.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <malloc.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <cerrno>
#include <cfenv>
#include <clocale>
#include <csignal>
#include <cstddef>
#include <ctime>
#include <fstream>
#include <functional>
#include <map>
#include <thread>

#include "bare_vst2.h"

namespace {

// Small: with PATCHPIPE_CHECK_MEMORY all memory is compared after each job. of_its_own has page
// tables of its own.
constexpr std::size_t size = 1 << 20, page = 4096, in_heap = 1 << 20, of_its_own = 5 << 20;
void* const far_away = reinterpret_cast<void*>(0x200000000000);
void* const alone = reinterpret_cast<void*>(0x210000000000);
constexpr int opened = 77, closed = 78, read_from = 79, folder = 80, counting = 81, watching = 82;

struct Loaded {
    char *mapped, *read_only, *growing, *many, *heap, *large;
    void* end_of_heap;
    rlimit files, core;
};

char* filled(void* memory, std::size_t bytes) {
    std::memset(memory, 7, bytes);
    return static_cast<char*>(memory);
}

char* map_new(int flags, std::size_t bytes = size) {
    constexpr int protection = PROT_READ | PROT_WRITE;
    return filled(mmap(nullptr, bytes, protection, flags | MAP_ANONYMOUS, -1, 0), bytes);
}

Loaded& loaded() {
    static Loaded all;
    return all;
}

int counter = 0;
thread_local int counter_of_thread = 0;

bool is_mapped(void* memory) { return msync(memory, page, MS_ASYNC) == 0; }
bool is_filled(const char* memory, std::size_t bytes) {
    if (!is_mapped(const_cast<char*>(memory - reinterpret_cast<std::uintptr_t>(memory) % page)))
        return false;
    for (std::size_t i = 0; i < bytes; ++i)
        if (memory[i] != 7) return false;
    return true;
}

rlimit limit(__rlimit_resource which) {
    rlimit now{};
    getrlimit(which, &now);
    return now;
}
bool is_same(const rlimit& one, const rlimit& other) {
    return one.rlim_cur == other.rlim_cur && one.rlim_max == other.rlim_max;
}

std::size_t threads() {
    struct stat info {};
    stat("/proc/self/task", &info);
    return info.st_nlink - 2;
}

bool has_children() {
    siginfo_t info{};
    return waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0;
}

void sleep_for_ever() {
    for (;;) pause();
}

// So deep in the stack that nothing was there before.
[[gnu::noipa]] bool is_empty_deep(bool then_write) {
    volatile char deep[4 * size];
    char all = 0;
    for (std::size_t i = 0; i < size; ++i) all |= deep[i];
    if (then_write)
        for (std::size_t i = 0; i < size; ++i) deep[i] = 7;
    return all == 0;
}

void lock_file() {
    flock whole{.l_type = F_RDLCK, .l_whence = SEEK_SET};
    fcntl(read_from, F_SETLK, &whole);
}

// The kernel's list has one line for each lock, with the process's number between spaces.
bool is_locked_here() {
    std::ifstream locks("/proc/locks");
    const auto self = " " + std::to_string(syscall(SYS_getpid)) + " ";
    for (std::string line; std::getline(locks, line);)
        if (line.find(self) != line.npos) return true;
    return false;
}

// The place of the code stays the same.
void patch_code() {
    auto* code =
        reinterpret_cast<char*>(reinterpret_cast<std::uintptr_t>(&patch_code) / page * page);
    mprotect(code, page, PROT_READ | PROT_WRITE | PROT_EXEC);
    volatile char* byte = code;
    *byte = *byte;
    mprotect(code, page, PROT_READ | PROT_EXEC);
}

void refuse_sysinfo() {
    sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_sysinfo, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    const sock_fprog program{.len = std::size(code), .filter = code};
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

bool sysinfo_works() {
    struct sysinfo info {};
    return sysinfo(&info) == 0;
}

void deny_files() {
    const landlock_ruleset_attr all{.handled_access_fs = LANDLOCK_ACCESS_FS_READ_FILE};
    const auto rules = static_cast<int>(syscall(SYS_landlock_create_ruleset, &all, sizeof all, 0));
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    syscall(SYS_landlock_restrict_self, rules, 0);
    close(rules);
}

struct Leftover {
    std::function<void()> leave;
    std::function<bool()> is_fresh;
};

const std::map<std::string, Leftover>& leftovers() {
    static const std::map<std::string, Leftover> all = {
        {"static", {[] { ++counter; }, [] { return counter == 0; }}},
        {"thread-local", {[] { ++counter_of_thread; }, [] { return counter_of_thread == 0; }}},
        {"stack", {[] { is_empty_deep(true); }, [] { return is_empty_deep(false); }}},
        {"map",
         {[] { mmap(far_away, size, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0); },
          [] { return !is_mapped(far_away); }}},
        {"map-shared",
         {[] {
              mmap(far_away, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED,
                   -1, 0);
          },
          [] { return !is_mapped(far_away); }}},
        {"unmap",
         {[] { munmap(loaded().mapped, size); }, [] { return is_filled(loaded().mapped, size); }}},
        {"unmap-half",
         {[] { munmap(loaded().mapped, size / 2); },
          [] { return is_filled(loaded().mapped, size); }}},
        {"replace",
         {[] {
              mmap(loaded().mapped, size, PROT_READ | PROT_WRITE,
                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
          },
          [] { return is_filled(loaded().mapped, size); }}},
        {"unmap-and-grow",  // as many pages as before
         {[] {
              munmap(loaded().mapped, size / 2);
              mremap(loaded().growing, size, size + size / 2, 0);
          },
          [] { return is_filled(loaded().mapped, size) && !is_mapped(loaded().growing + size); }}},
        {"move",
         {[] { mremap(loaded().mapped, size, size, MREMAP_MAYMOVE | MREMAP_FIXED, far_away); },
          [] { return is_filled(loaded().mapped, size) && !is_mapped(far_away); }}},
        {"give-up",
         {[] { madvise(loaded().mapped, size, MADV_DONTNEED); },
          [] { return is_filled(loaded().mapped, size); }}},
        {"give-up-tables",
         {[] { madvise(loaded().many, of_its_own, MADV_DONTNEED); },
          [] { return is_filled(loaded().many, of_its_own); }}},
        {"write",
         {[] { std::memset(loaded().mapped, 8, size); },
          [] { return is_filled(loaded().mapped, size); }}},
        {"protect",
         {[] { mprotect(loaded().mapped, size, PROT_READ); },
          [] {  // the kernel says whether it may write there
              const int zero = open("/dev/zero", O_RDONLY | O_CLOEXEC);
              const bool may = read(zero, loaded().mapped, 1) == 1;
              close(zero);
              if (may) loaded().mapped[0] = 7;
              return may;
          }}},
        {"deny-reading",
         {[] { mprotect(loaded().read_only, page, PROT_NONE); },
          [] { return access(loaded().read_only, F_OK) == 0; }}},
        {"protect-and-write",
         {[] {
              std::memset(loaded().mapped, 8, size);
              mprotect(loaded().mapped, size, PROT_NONE);
          },
          [] { return is_filled(loaded().mapped, size); }}},
        {"patch", {patch_code, [] { return true; }}},
        {"grow-heap",
         {[] { filled(sbrk(size), size); }, [] { return sbrk(0) == loaded().end_of_heap; }}},
        {"shrink-heap",
         {[] {
              std::free(loaded().heap);
              malloc_trim(0);
          },
          [] { return is_filled(loaded().heap, in_heap); }}},
        {"free-large",
         {[] { std::free(loaded().large); }, [] { return is_filled(loaded().large, of_its_own); }}},
        {"leak",
         {[] { filled(std::malloc(in_heap), in_heap); },
          [] { return sbrk(0) == loaded().end_of_heap; }}},
        {"handler",
         {[] { std::signal(SIGUSR1, SIG_IGN); },
          [] {
              struct sigaction now {};
              sigaction(SIGUSR1, nullptr, &now);
              return now.sa_handler == SIG_DFL;
          }}},
        {"mask",
         {[] {
              sigset_t set;
              sigemptyset(&set);
              sigaddset(&set, SIGUSR2);
              sigprocmask(SIG_BLOCK, &set, nullptr);
          },
          [] {
              sigset_t now;
              sigprocmask(SIG_BLOCK, nullptr, &now);
              return sigismember(&now, SIGUSR2) == 0;
          }}},
        {"pending",
         {[] {
              sigset_t set;
              sigemptyset(&set);
              sigaddset(&set, SIGUSR2);
              sigprocmask(SIG_BLOCK, &set, nullptr);
              raise(SIGUSR2);
          },
          [] {
              sigset_t now;
              sigpending(&now);
              return sigismember(&now, SIGUSR2) == 0;
          }}},
        {"signal-stack",
         {[] {
              const stack_t stack{.ss_sp = loaded().mapped, .ss_flags = 0, .ss_size = size};
              sigaltstack(&stack, nullptr);
          },
          [] {
              stack_t now{};
              sigaltstack(nullptr, &now);
              return now.ss_flags == SS_DISABLE;
          }}},
        {"rounding",
         {[] { std::fesetround(FE_UPWARD); }, [] { return std::fegetround() == FE_TONEAREST; }}},
        {"folder",
         {[] { (void)!chdir("/"); },
          [] {
              char path[page];
              return std::string("/") != getcwd(path, sizeof path);
          }}},
        {"umask",
         {[] { umask(0); },
          [] {
              const auto now = umask(0);
              umask(now);
              return now != 0;
          }}},
        {"locale",
         {[] { std::setlocale(LC_ALL, "C.UTF-8"); },
          [] { return std::string("C") == std::setlocale(LC_ALL, nullptr); }}},
        {"environment", {[] { setenv("LEFT", "1", 1); }, [] { return !std::getenv("LEFT"); }}},
        {"soft-limit",
         {[] {
              auto lower = loaded().files;
              lower.rlim_cur = 50;
              setrlimit(RLIMIT_NOFILE, &lower);
          },
          [] { return is_same(limit(RLIMIT_NOFILE), loaded().files); }}},
        {"hard-limit",
         {[] {
              const rlimit none{};
              setrlimit(RLIMIT_CORE, &none);
          },
          [] { return is_same(limit(RLIMIT_CORE), loaded().core); }}},
        {"priority", {[] { (void)!nice(5); }, [] { return getpriority(PRIO_PROCESS, 0) < 5; }}},
        {"name",
         {[] { prctl(PR_SET_NAME, "left"); },
          [] {
              char name[16];
              prctl(PR_GET_NAME, name);
              return std::string("left") != name;
          }}},
        {"slack",
         {[] { prctl(PR_SET_TIMERSLACK, 12345); },
          [] { return prctl(PR_GET_TIMERSLACK) != 12345; }}},
        {"input-priority",
         {[] { syscall(SYS_ioprio_set, 1, 0, 3 << 13); },
          [] { return syscall(SYS_ioprio_get, 1, 0) != 3 << 13; }}},
        {"keep-capabilities",
         {[] { prctl(PR_SET_KEEPCAPS, 1); }, [] { return prctl(PR_GET_KEEPCAPS) == 0; }}},
        {"lock-memory",
         {[] { mlockall(MCL_FUTURE); },
          [] {
              auto* const memory =
                  mmap(nullptr, page, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
              unsigned char is_there = 0;
              mincore(memory, page, &is_there);
              munmap(memory, page);
              return !is_there;
          }}},
        {"group", {[] { setpgid(0, 0); }, [] { return getpgrp() != syscall(SYS_getpid); }}},
        {"user", {[] { (void)!setresuid(-1, 1234, -1); }, [] { return geteuid() != 1234; }}},
        {"sandbox", {deny_files, [] { return access("/etc/passwd", R_OK) == 0; }}},
        {"filter", {refuse_sysinfo, [] { return sysinfo_works(); }}},
        {"open", {[] { dup2(STDIN_FILENO, opened); }, [] { return fcntl(opened, F_GETFD) < 0; }}},
        {"close", {[] { close(closed); }, [] { return fcntl(closed, F_GETFD) >= 0; }}},
        {"close-on-exec",
         {[] { fcntl(read_from, F_SETFD, FD_CLOEXEC); },
          [] { return fcntl(read_from, F_GETFD) == 0; }}},
        {"append",
         {[] { fcntl(read_from, F_SETFL, O_APPEND | O_NONBLOCK); },
          [] { return (fcntl(read_from, F_GETFL) & (O_APPEND | O_NONBLOCK)) == 0; }}},
        {"list",
         {[] {
              char entries[page];
              getdents64(folder, entries, sizeof entries);
          },
          [] { return lseek(folder, 0, SEEK_CUR) == 0; }}},
        {"lock", {lock_file, [] { return !is_locked_here(); }}},
        {"same-counter",
         {[] { dup2(eventfd(0, EFD_NONBLOCK), counting); },
          [] {
              epoll_event event{};
              return epoll_ctl(watching, EPOLL_CTL_MOD, counting, &event) == 0;
          }}},
        {"reopen",
         {[] { dup2(open("/proc/self/status", O_RDONLY), closed); },
          [] {
              struct stat now {
              }, then{};
              return fstat(closed, &now) == 0 && fstat(read_from, &then) == 0 &&
                     now.st_ino == then.st_ino;
          }}},
        {"seek",
         {[] { lseek(read_from, 5, SEEK_SET); },
          [] { return lseek(read_from, 0, SEEK_CUR) == 0; }}},
        {"interval",
         {[] {
              const itimerval hour{{}, {3600, 0}};
              setitimer(ITIMER_REAL, &hour, nullptr);
          },
          [] {
              itimerval now{};
              getitimer(ITIMER_REAL, &now);
              return now.it_value.tv_sec == 0;
          }}},
        {"timer",
         {[] {
              timer_t timer;
              timer_create(CLOCK_MONOTONIC, nullptr, &timer);
              ++counter;
          },
          [] { return counter == 0; }}},
        {"thread", {[] { std::thread(sleep_for_ever).detach(); }, [] { return threads() == 1; }}},
        {"ended-thread",
         {[] { std::thread([] { ++counter; }).join(); },
          [] { return counter == 0 && threads() == 1; }}},
        {"process",
         {[] {
              if (fork() == 0) sleep_for_ever();
          },
          [] { return !has_children(); }}},
        {"daemon",
         {[] {
              const auto pid = fork();
              if (pid == 0 && fork() == 0) sleep_for_ever();
              if (pid == 0) _exit(0);
              waitpid(pid, nullptr, 0);
              ++counter;
          },
          [] { return counter == 0 && !has_children(); }}},
        // These are there from the start.
        {"shared", {[] { ++counter; }, [] { return counter == 0; }}},
        {"device", {[] { ++counter; }, [] { return counter == 0; }}},
    };
    return all;
}

const char* wanted() { return std::getenv("LEFTOVER"); }

float level = 0;

VstIntPtr dispatch(AEffect*, int opcode, int, VstIntPtr, void* data, float) {
    return for_each_note_on(opcode, data, [](int velocity) {
        const auto& leftover = leftovers().at(wanted());
        if (velocity != 77) loaded().end_of_heap = sbrk(0);  // the warm-up's notes
        level = leftover.is_fresh() ? 0.25F : 0.5F;
        if (velocity == 77) leftover.leave();
    });
}

void process(AEffect*, float**, float** out, int frames) {
    for (int i = 0; i < frames; ++i) out[0][i] = level;
}

void load() {
    auto& all = loaded();
    all.mapped = map_new(MAP_PRIVATE);
    all.growing = filled(
        mmap(alone, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0),
        size);
    all.many = map_new(MAP_PRIVATE, of_its_own);
    all.read_only = map_new(MAP_PRIVATE);
    std::strcpy(all.read_only, "/");
    mprotect(all.read_only, size, PROT_READ);
    mallopt(M_MMAP_THRESHOLD, 2 << 20);
    all.large = filled(std::malloc(of_its_own), of_its_own);
    all.heap = filled(std::malloc(in_heap), in_heap);
    dup2(open("/etc/passwd", O_RDONLY), closed);
    dup2(open("/etc/passwd", O_RDONLY), read_from);
    dup2(open("/usr/bin", O_RDONLY | O_DIRECTORY), folder);
    dup2(eventfd(0, EFD_NONBLOCK), counting);
    dup2(epoll_create1(0), watching);
    epoll_event event{};
    epoll_ctl(watching, EPOLL_CTL_ADD, counting, &event);
    all.files = limit(RLIMIT_NOFILE);
    all.core = limit(RLIMIT_CORE);
    const std::string name = wanted();
    if (name == "shared") map_new(MAP_SHARED);
    if (name == "device") open(std::getenv("DEVICE"), O_RDWR);
}

}  // namespace

extern "C" AEffect* VSTPluginMain(audioMasterCallback) {
    load();
    auto& effect = bare_synth();
    effect.dispatcher = dispatch;
    effect.processReplacing = process;
    return &effect;
}
