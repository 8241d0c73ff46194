// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A VST2 that leaves something behind, as leftovers.cpp, where a forked process has it in common
// with the one that it was forked from, or where it outlives both: a note of velocity 77 changes
// what LEFTOVER in the environment names. Every note plays 0.25 if that is as it was when the
// plug-in was loaded, and 0.5 if not.
#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/prctl.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <csignal>
#include <filesystem>
#include <functional>
#include <map>

#include "bare_vst2.h"

namespace {

constexpr int size = 1 << 16, key = 0x7b7b7b;
constexpr int set_mdwe = 65, get_mdwe = 66;  // of prctl(), newer than Debian's headers
constexpr int no_root = 1;                   // SECBIT_NOROOT

int one = -1, other = -1;  // what the leftover has open since the plug-in was loaded
char* shared = nullptr;

// In the folder that is the process's own.
std::string temporary(const char* name) { return std::string(std::getenv("TMPDIR")) + "/" + name; }

int new_file(const char* name) { return open(temporary(name).c_str(), O_RDWR | O_CREAT, 0600); }

bool is_byte(int fd, char wanted) {
    char byte = 0;
    return pread(fd, &byte, 1, 0) == 1 && byte == wanted;
}

off_t length(int fd) {
    struct stat info {};
    fstat(fd, &info);
    return info.st_size;
}

std::size_t entries() {
    std::size_t count = 0;
    for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(temporary("")))
        ++count;
    return count;
}

void make_pair() {
    int pair[2];
    (void)!socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
    one = pair[0];
    other = pair[1];
}

void make_pipe() {
    int ends[2];
    (void)!pipe(ends);
    one = ends[0];
    other = ends[1];
}

// A process that keeps the last byte that it was sent, and tells it for a 0.
void start_process() {
    make_pair();
    if (fork() != 0) return;
    for (char kept = 1, byte = 0; read(other, &byte, 1) == 1;)
        if (byte == 0)
            (void)!write(other, &kept, 1);
        else
            kept = byte;
    _exit(0);
}

char ask_process() {
    char byte = 0;
    (void)!write(one, &byte, 1);
    (void)!read(one, &byte, 1);
    return byte;
}

void make_memory_file() {
    one = memfd_create("left", 0);
    (void)!ftruncate(one, size);
}

// Looks before it writes: the kernel then notices neither.
void write_through_mapping(int fd) {
    auto* const memory =
        static_cast<char*>(mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0));
    if (*static_cast<volatile char*>(memory) == 0) *memory = 'x';
    munmap(memory, size);
}

void map_shared(int protection) {
    make_memory_file();
    shared = static_cast<char*>(mmap(nullptr, size, protection, MAP_SHARED, one, 0));
    close(one);
}

int open_again(int flags) { return open(("/proc/self/fd/" + std::to_string(one)).c_str(), flags); }

struct stat info_of(const std::string& path) {
    struct stat info {};
    stat(path.c_str(), &info);
    return info;
}

bool are_same(const timespec& left, const timespec& right) {
    return left.tv_sec == right.tv_sec && left.tv_nsec == right.tv_nsec;
}

void fill_and_empty_folder() {
    for (const bool fills : {true, false})
        for (int i = 0; i < 300; ++i) {
            const auto name = std::string(200, 'n') + std::to_string(i);
            if (fills)
                close(new_file(name.c_str()));
            else
                unlink(temporary(name.c_str()).c_str());
        }
}

struct stat then {};  // as something was when the plug-in was loaded

int passing_credentials() {
    int value = 0;
    socklen_t bytes = sizeof value;
    getsockopt(one, SOL_SOCKET, SO_PASSCRED, &value, &bytes);
    return value;
}

int buffer_size() {
    int value = 0;
    socklen_t bytes = sizeof value;
    getsockopt(one, SOL_SOCKET, SO_SNDBUF, &value, &bytes);
    return value;
}

// Waits for a lock of another process: no other open file of this one has it.
bool is_unlocked() {
    const int again = open(temporary("locked").c_str(), O_RDWR);
    const bool free = flock(again, LOCK_EX | LOCK_NB) == 0;
    close(again);
    return free;
}

itimerspec timer() {
    itimerspec now{};
    timerfd_gettime(one, &now);
    return now;
}

int memory_policy() {
    int mode = 0;
    syscall(SYS_get_mempolicy, &mode, nullptr, 0, nullptr, 0);
    return mode;
}

const int original_buffer = 4096;
constexpr int user_faults_only = 1;  // UFFD_USER_MODE_ONLY

bool opened() { return one >= 0; }

struct Leftover {
    std::function<void()> open, leave;
    std::function<bool()> is_fresh;
};

const std::map<std::string, Leftover>& leftovers() {
    static int count = 0;  // put back or forked, so it tells nothing of what is shared
    static const std::map<std::string, Leftover> all = {
        {"new-file",
         {[] {}, [] { close(new_file("left")); },
          [] { return access(temporary("left").c_str(), F_OK) != 0; }}},
        {"new-folder",
         {[] {}, [] { std::filesystem::create_directories(temporary("left/in/side")); },
          [] { return entries() == 0; }}},
        {"removed-file",
         {[] { close(new_file("kept")); }, [] { unlink(temporary("kept").c_str()); },
          [] { return access(temporary("kept").c_str(), F_OK) == 0; }}},
        {"file-contents",
         {[] { one = new_file("kept"); }, [] { (void)!pwrite(one, "x", 1, 0); },
          [] { return length(one) == 0; }}},
        {"memory-file",
         {make_memory_file, [] { (void)!pwrite(one, "x", 1, 0); }, [] { return is_byte(one, 0); }}},
        {"memory-files-size",
         {make_memory_file, [] { (void)!ftruncate(one, 1); }, [] { return length(one) == size; }}},
        {"unlinked-file",
         {[] {
              one = new_file("gone");
              (void)!pwrite(one, "7", 1, 0);
              unlink(temporary("gone").c_str());
          },
          [] { (void)!pwrite(one, "x", 1, 0); }, [] { return is_byte(one, '7'); }}},
        {"mapped-file",
         {[] {
              make_memory_file();
              shared = static_cast<char*>(
                  mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, one, 0));
          },
          [] { shared[100] = 7; }, [] { return shared[100] == 0; }}},
        {"shared-memory",
         {[] {
              shared = static_cast<char*>(
                  mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
          },
          [] { shared[100] = 7; }, [] { return shared[100] == 0; }}},
        {"memory-file-by-mapping",
         {make_memory_file, [] { write_through_mapping(one); }, [] { return is_byte(one, 0); }}},
        {"memory-file-by-another-way",
         {[] {
              make_memory_file();
              dup2(open_again(O_RDONLY), one);
          },
          [] { write_through_mapping(open_again(O_RDWR)); }, [] { return is_byte(one, 0); }}},
        {"kept-file-by-mapping",
         {[] {
              one = new_file("kept");
              (void)!ftruncate(one, size);
              close(one);
          },
          [] { write_through_mapping(new_file("kept")); },
          [] { return is_byte(new_file("kept"), 0); }}},
        {"memory-that-is-read",
         {[] { map_shared(PROT_READ); },
          [] {
              mprotect(shared, size, PROT_READ | PROT_WRITE);
              shared[100] = 7;
          },
          [] { return shared[100] == 0; }}},
        {"memory-that-is-denied",
         {[] { map_shared(PROT_NONE); },
          [] {
              mprotect(shared, size, PROT_READ | PROT_WRITE);
              shared[100] = 7;
          },
          [] {
              mprotect(shared, size, PROT_READ);
              const bool fresh = shared[100] == 0;
              mprotect(shared, size, PROT_NONE);
              return fresh;
          }}},
        {"much-memory",
         {[] {
              make_memory_file();
              (void)!ftruncate(one, 65 << 20);
          },
          [] { (void)!pwrite(one, "x", 1, 0); }, [] { return is_byte(one, 0); }}},
        {"folders-times",
         {[] { then = info_of(temporary("")); },
          [] {
              close(new_file("left"));
              (void)entries();
          },
          [] {
              const auto now = info_of(temporary(""));
              return are_same(now.st_mtim, then.st_mtim) && are_same(now.st_atim, then.st_atim);
          }}},
        {"folders-size",
         {[] { then = info_of(temporary("")); }, fill_and_empty_folder,
          [] { return info_of(temporary("")).st_size == then.st_size; }}},
        {"read-file",
         {[] {
              one = new_file("kept");
              (void)!write(one, "7", 1);
              close(one);
              then = info_of(temporary("kept"));
          },
          [] { (void)is_byte(new_file("kept"), '7'); },
          [] { return are_same(info_of(temporary("kept")).st_atim, then.st_atim); }}},
        {"fifo",
         {[] {
              mkfifo(temporary("fifo").c_str(), 0600);
              one = open(temporary("fifo").c_str(), O_RDWR | O_NONBLOCK);
          },
          [] { (void)!write(one, "x", 1); },
          [] {
              char byte = 0;
              return read(one, &byte, 1) != 1;
          }}},
        {"faults",
         {[] { one = static_cast<int>(syscall(SYS_userfaultfd, user_faults_only)); }, [] {},
          opened}},
        {"rules",
         {[] {
              const landlock_ruleset_attr all{.handled_access_fs = LANDLOCK_ACCESS_FS_READ_FILE};
              one = static_cast<int>(syscall(SYS_landlock_create_ruleset, &all, sizeof all, 0));
          },
          [] {}, opened}},
        {"position",
         {[] { one = open("/etc/passwd", O_RDONLY); }, [] { lseek(one, 5, SEEK_SET); },
          [] { return lseek(one, 0, SEEK_CUR) == 0; }}},
        {"lock", {[] { one = new_file("locked"); }, [] { flock(one, LOCK_EX); }, is_unlocked}},
        {"lease",
         {[] { one = open(temporary("leased").c_str(), O_RDONLY | O_CREAT, 0600); },
          [] { fcntl(one, F_SETLEASE, F_RDLCK); },
          [] { return fcntl(one, F_GETLEASE) == F_UNLCK; }}},
        {"owner",
         {make_pair, [] { fcntl(one, F_SETOWN, 1); }, [] { return fcntl(one, F_GETOWN) != 1; }}},
        {"signal",
         {make_pair, [] { fcntl(one, F_SETSIG, SIGUSR1); },
          [] { return fcntl(one, F_GETSIG) == 0; }}},
        {"counter",
         {[] { one = eventfd(0, EFD_NONBLOCK); }, [] { eventfd_write(one, 1); },
          [] {
              eventfd_t value = 0;
              const bool empty = eventfd_read(one, &value) != 0;
              if (!empty) eventfd_write(one, value);
              return empty;
          }}},
        {"timer",
         {[] { one = timerfd_create(CLOCK_MONOTONIC, 0); },
          [] {
              const itimerspec hour{{0, 0}, {3600, 0}};
              timerfd_settime(one, 0, &hour, nullptr);
          },
          [] { return timer().it_value.tv_sec == 0; }}},
        {"watched",
         {[] {
              one = epoll_create1(0);
              other = eventfd(0, EFD_NONBLOCK);
          },
          [] {
              epoll_event event{};
              epoll_ctl(one, EPOLL_CTL_ADD, other, &event);
          },
          [] {
              epoll_event event{};
              return epoll_ctl(one, EPOLL_CTL_MOD, other, &event) != 0;
          }}},
        {"watched-files",
         {[] { one = inotify_init1(IN_NONBLOCK); },
          [] { inotify_add_watch(one, "/etc", IN_CREATE); },
          [] {
              const int watch = inotify_add_watch(one, "/etc", IN_CREATE | IN_MASK_CREATE);
              if (watch >= 0) inotify_rm_watch(one, watch);
              return one < 0 || watch >= 0;
          }}},
        {"signals",
         {[] {
              sigset_t none;
              sigemptyset(&none);
              one = signalfd(-1, &none, SFD_NONBLOCK);
          },
          [] {
              sigset_t set;
              sigemptyset(&set);
              sigaddset(&set, SIGUSR1);
              signalfd(one, &set, 0);
              ++count;
          },
          [] { return count == 0; }}},
        {"pipes-size",
         {make_pipe, [] { fcntl(one, F_SETPIPE_SZ, 1 << 20); },
          [] { return fcntl(one, F_GETPIPE_SZ) != 1 << 20; }}},
        {"pipes-contents",
         {make_pipe, [] { (void)!write(other, "x", 1); },
          [] {
              fcntl(one, F_SETFL, O_NONBLOCK);
              char byte;
              const bool empty = read(one, &byte, 1) != 1;
              if (!empty) (void)!write(other, "x", 1);
              fcntl(one, F_SETFL, 0);
              return empty;
          }}},
        {"socket-option",
         {make_pair,
          [] {
              const int yes = 1;
              setsockopt(one, SOL_SOCKET, SO_PASSCRED, &yes, sizeof yes);
          },
          [] { return passing_credentials() == 0; }}},
        {"sockets-size",
         {make_pair,
          [] { setsockopt(one, SOL_SOCKET, SO_SNDBUF, &original_buffer, sizeof original_buffer); },
          [] { return buffer_size() != 2 * original_buffer; }}},
        {"system-v-memory",
         {[] {}, [] { shmget(key, size, IPC_CREAT | 0600); },
          [] { return shmget(key, size, 0) < 0; }}},
        {"system-v-semaphore",
         {[] {}, [] { semget(key, 1, IPC_CREAT | 0600); }, [] { return semget(key, 1, 0) < 0; }}},
        {"system-v-queue",
         {[] {}, [] { msgget(key, IPC_CREAT | 0600); }, [] { return msgget(key, 0) < 0; }}},
        {"write-or-execute",
         {[] {}, [] { prctl(set_mdwe, 1, 0, 0, 0); },
          [] { return prctl(get_mdwe, 0, 0, 0, 0) <= 0; }}},
        {"no-huge-pages",
         {[] {}, [] { prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0); },
          [] { return prctl(PR_GET_THP_DISABLE, 0, 0, 0, 0) == 0; }}},
        {"memory-failures",
         {[] {}, [] { prctl(PR_MCE_KILL, PR_MCE_KILL_SET, PR_MCE_KILL_EARLY, 0, 0); },
          [] { return prctl(PR_MCE_KILL_GET, 0, 0, 0, 0) != PR_MCE_KILL_EARLY; }}},
        {"secure-bits",
         {[] {}, [] { prctl(PR_SET_SECUREBITS, no_root); },
          [] { return prctl(PR_GET_SECUREBITS) != no_root; }}},
        {"not-forked",
         {[] {
              shared = static_cast<char*>(
                  mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
          },
          [] { count += madvise(shared, size, MADV_DONTFORK) == 0; }, [] { return count == 0; }}},
        {"kept-process",
         {start_process, [] { (void)!write(one, "x", 1); }, [] { return ask_process() == 1; }}},
        {"memory-policy",
         {[] {},
          [] {
              const unsigned long first = 1;
              syscall(SYS_set_mempolicy, 2, &first, 64);
          },
          [] { return memory_policy() == 0; }}},
    };
    return all;
}

const Leftover& leftover() { return leftovers().at(std::getenv("LEFTOVER")); }

float level = 0;

VstIntPtr dispatch(AEffect*, int opcode, int, VstIntPtr, void* data, float) {
    return for_each_note_on(opcode, data, [](int velocity) {
        level = leftover().is_fresh() ? 0.25F : 0.5F;
        if (velocity == 77) leftover().leave();
    });
}

void process(AEffect*, float**, float** out, int frames) {
    for (int i = 0; i < frames; ++i) out[0][i] = level;
}

}  // namespace

extern "C" AEffect* VSTPluginMain(audioMasterCallback) {
    leftover().open();
    auto& effect = bare_synth();
    effect.dispatcher = dispatch;
    effect.processReplacing = process;
    return &effect;
}
