// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A VST2 that tries at each note of velocity 77, or with INTRUDER_LOADS in the environment while it
// is loaded, what INTRUDER names: to reach other programs of the user, or the tool that it plays
// for, or to read the user's files; of several words each. A note plays 0.5 if one got through, and
// 0.25 if not; on standard error it says which while it is loaded. INTRUDER_PID is the process that
// it is after, INTRUDER_FILE the file or folder. A file that is not to be read begins with
// "secret".
#include <dirent.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <linux/io_uring.h>
#include <sched.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <algorithm>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <functional>
#include <map>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "bare_vst2.h"

namespace {

float level = 0;
volatile int target = 0;  // at the same address in the parent

const char* variable(const char* name) {
    const char* const value = std::getenv(name);
    return value ? value : "";
}

pid_t victim() { return std::atoi(variable("INTRUDER_PID")); }
const char* file() { return variable("INTRUDER_FILE"); }

// Descriptors that are neither standard nor a socket or the board.
bool write_to_others() {
    bool wrote = false;
    for (int fd = 3; fd < 1024; ++fd) {
        struct stat info {};
        if (fstat(fd, &info) != 0 || S_ISSOCK(info.st_mode) || info.st_nlink == 0) continue;
        wrote = write(fd, "forged\n", 7) == 7 || wrote;
    }
    return wrote;
}

bool type_into_terminal() {
    const int terminal = open("/dev/tty", O_RDWR);
    const int typed = terminal >= 0 ? terminal : STDERR_FILENO;
    return ioctl(typed, TIOCSTI, "x") == 0 || terminal >= 0;
}

bool limit_other() {
    const rlimit none{0, 0};
    return prlimit(victim(), RLIMIT_CPU, &none, nullptr) == 0;
}

bool bind_other() {
    cpu_set_t processors;
    if (sched_getaffinity(victim(), sizeof processors, &processors) != 0) return false;
    const int before = CPU_COUNT(&processors);
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(0, &one);
    sched_setaffinity(victim(), sizeof one, &one);
    sched_getaffinity(victim(), sizeof processors, &processors);
    return before > 1 && CPU_COUNT(&processors) == 1;
}

bool schedule_other() {
    const sched_param none{};
    sched_setscheduler(victim(), SCHED_IDLE, &none);
    return sched_getscheduler(victim()) == SCHED_IDLE;
}

bool set_flags() {
    const int fd = open(file(), O_RDONLY);
    long flags = 0;
    return ioctl(fd, FS_IOC_GETFLAGS, &flags) == 0 && ioctl(fd, FS_IOC_SETFLAGS, &flags) == 0;
}

bool make_user_namespace() {
    const auto pid = static_cast<pid_t>(syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0));
    if (pid == 0) _exit(0);
    if (pid > 0) waitpid(pid, nullptr, 0);
    return pid > 0 || unshare(CLONE_NEWUSER) == 0;
}

sockaddr_un address(const char* name, socklen_t& size) {
    sockaddr_un at{};
    at.sun_family = AF_UNIX;
    const bool abstract = name[0] == '@';
    std::strncpy(at.sun_path + (abstract ? 1 : 0), name + (abstract ? 1 : 0),
                 sizeof at.sun_path - 2);
    size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + std::strlen(name) +
                                  (abstract ? 0 : 1));
    return at;
}

bool connect_to(const char* name) {
    socklen_t size = 0;
    const auto at = address(name, size);
    const int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    return fd >= 0 && connect(fd, reinterpret_cast<const sockaddr*>(&at), size) == 0;
}

bool send_datagram() {
    socklen_t size = 0;
    const auto at = address(file(), size);
    int pair[2];
    return socketpair(AF_UNIX, SOCK_DGRAM, 0, pair) == 0 &&
           sendto(pair[0], "x", 1, 0, reinterpret_cast<const sockaddr*>(&at), size) == 1;
}

bool write_to_parent() {
    int value = 7;
    const iovec here{&value, sizeof value};
    const iovec there{const_cast<int*>(&target), sizeof value};
    return process_vm_writev(getppid(), &here, 1, &there, 1, 0) > 0;
}

bool trace_parent() {
    if (ptrace(PTRACE_SEIZE, getppid(), 0, 0) != 0) return false;
    ptrace(PTRACE_DETACH, getppid(), 0, 0);
    return true;
}

bool take_descriptor() {
    const auto pidfd = static_cast<int>(syscall(SYS_pidfd_open, getppid(), 0));
    return pidfd >= 0 && syscall(438, pidfd, 2, 0) >= 0;  // pidfd_getfd
}

bool make_ring() {
    io_uring_params parameters{};
    return syscall(SYS_io_uring_setup, 1, &parameters) >= 0;
}

bool shorten_board() {
    bool shortened = false;
    for (int fd = 3; fd < 1024; ++fd) {
        char name[64] = "";
        (void)!readlink(("/proc/self/fd/" + std::to_string(fd)).c_str(), name, sizeof name - 1);
        if (std::strstr(name, "board")) shortened = ftruncate(fd, 0) == 0 || shortened;
    }
    return shortened;
}

bool stop_parent() {
    if (kill(getppid(), SIGSTOP) != 0) return false;
    kill(getppid(), SIGCONT);
    return true;
}

// What asks again and again for a lock has it at once.
bool lock_file() {
    const int fd = open(file(), O_RDONLY);
    struct flock whole {};
    whole.l_type = F_RDLCK;
    fcntl(fd, 37, &whole);  // F_OFD_SETLK
    return false;
}

bool set_hint() {
    const int fd = open(file(), O_RDONLY);
    const std::uint64_t hint = 5;
    return fcntl(fd, 1036, &hint) == 0;  // F_SET_RW_HINT
}

bool make_device() {
    const std::string path = std::string(variable("TMPDIR")) + "/device";
    return mknod(path.c_str(), S_IFBLK | 0600, makedev(254, 0)) == 0;
}

// Swaps a folder in the temporary one with a link to the victim's as often as it can.
bool swap_folder() {
    const std::string temporary = variable("TMPDIR"), inner = temporary + "/sub",
                      link = temporary + "/link";
    mkdir(inner.c_str(), 0700);
    for (int i = 0; i < 2000; ++i)
        close(open((inner + "/" + std::to_string(i)).c_str(), O_CREAT | O_RDWR, 0600));
    close(open((inner + "/precious").c_str(), O_CREAT | O_RDWR, 0600));
    (void)!symlink(file(), link.c_str());
    if (fork() == 0)
        for (;;) syscall(SYS_renameat2, AT_FDCWD, inner.c_str(), AT_FDCWD, link.c_str(), 2);
    return false;
}

// To every socket: the answer to a request that is not there yet.
bool answer_twice() {
    const std::string answer = R"({"status":"ok","peak":0.125,"frames":1})";
    const auto size = static_cast<std::uint32_t>(answer.size());
    for (int fd = 3; fd < 1024; ++fd) {
        struct stat info {};
        if (fstat(fd, &info) != 0 || !S_ISSOCK(info.st_mode)) continue;
        (void)send(fd, &size, sizeof size, MSG_DONTWAIT | MSG_NOSIGNAL);
        (void)send(fd, answer.data(), size, MSG_DONTWAIT | MSG_NOSIGNAL);
    }
    return false;
}

// The one that the tool's requests come through.
int last_socket() {
    int last = -1;
    for (int fd = 3; fd < 1024; ++fd) {
        struct stat info {};
        if (fstat(fd, &info) == 0 && S_ISSOCK(info.st_mode)) last = fd;
    }
    return last;
}

// Of the request that this process is at. It is in a page that the tool shares.
std::string number_of_request() {
    std::ifstream maps("/proc/self/maps");
    for (std::string line; std::getline(maps, line);) {
        std::uintptr_t start = 0, end = 0;
        constexpr std::uint64_t smallest = 1'000'000'000'000'000'000;
        if (line.find(" rw-s ") == line.npos ||
            std::sscanf(line.c_str(), "%lx-%lx", &start, &end) != 2 || end - start != 4096)
            continue;
        for (; start < end; start += sizeof smallest)
            if (const auto value = *reinterpret_cast<const std::uint64_t*>(start);
                value >= smallest && value < 10 * smallest && value != INT64_MAX)
                return std::to_string(value);
    }
    return "";
}

std::string receive(int fd) {
    std::uint32_t size = 0;
    if (recv(fd, &size, sizeof size, MSG_WAITALL) != sizeof size) _exit(0);
    std::string message(size, '\0');
    if (recv(fd, message.data(), size, MSG_WAITALL) != size) _exit(0);
    return message;
}

void send_to(int fd, const std::string& message) {
    const auto size = static_cast<std::uint32_t>(message.size());
    (void)send(fd, &size, sizeof size, MSG_NOSIGNAL);
    (void)send(fd, message.data(), size, MSG_NOSIGNAL);
}

void say_rendered(int fd, const std::string& number) {
    send_to(fd, number + R"( {"status":"ok","peak":0.125,"frames":441,"channels":1})");
}

// In the place of the children that come later.
[[noreturn]] void answer_the_rest(int fd) {
    for (;;) {
        const auto request = receive(fd);
        const auto number = request.substr(0, request.find(' '));
        send_to(fd, number + " output");
        (void)receive(fd);
        char byte = 0;
        (void)recv(fd, &byte, 1, 0);
        say_rendered(fd, number);
    }
}

bool answer_and_stay() {
    say_rendered(last_socket(), number_of_request());
    answer_the_rest(last_socket());
}

bool answer_later() {
    if (const auto pid = fork(); pid != 0) {
        waitpid(pid, nullptr, 0);
        return false;
    }
    if (setsid() < 0 || fork() != 0) _exit(0);
    answer_the_rest(last_socket());
}

bool answer_without_audio() {
    say_rendered(last_socket(), number_of_request());
    _exit(0);
}

bool reads_secret(const std::string& path) {
    char head[6] = "";
    const int fd = open(path.c_str(), O_RDONLY | O_NONBLOCK);
    const bool read_it =
        read(fd, head, sizeof head) == sizeof head && std::memcmp(head, "secret", sizeof head) == 0;
    close(fd);
    return read_it;
}

bool list_folder(const std::string& path) {
    DIR* const folder = opendir(path.c_str());
    const bool lists = folder && readdir(folder);
    if (folder) closedir(folder);
    return lists;
}

// By ways that do not begin at the root: those of processes, of descriptors and of links.
bool reach_around() {
    const std::string path = file(), temporary = variable("TMPDIR"), link = temporary + "/a-link",
                      other = temporary + "/another", own = path.substr(path.rfind('/'));
    (void)!symlink(path.c_str(), link.c_str());
    (void)!::link(path.c_str(), other.c_str());
    std::vector<std::string> ways{link, other};
    for (const auto& process :
         {std::string("self"), std::string("thread-self"), std::to_string(getppid()),
          std::to_string(getpid()), std::string(variable("INTRUDER_PID"))}) {
        const auto entry = "/proc/" + process;
        ways.push_back(entry + "/root" + path);
        ways.push_back(entry + "/cwd" + own);
        for (int fd = 0; fd < 300; ++fd) {
            ways.push_back(entry + "/fd/" + std::to_string(fd));
            ways.push_back(ways.back() + own);
            ways.push_back(entry + "/fd/" + std::to_string(fd) + "/.." + own);
        }
    }
    return std::any_of(ways.begin(), ways.end(), reads_secret);
}

bool execute_file() {
    const auto pid = fork();
    if (pid == 0) {
        execl(file(), file(), nullptr);
        _exit(1);
    }
    int status = 1;
    waitpid(pid, &status, 0);
    return status == 0;
}

bool read_attribute() {
    char bytes[64];
    return getxattr(file(), "user.secret", bytes, sizeof bytes) > 0 ||
           lgetxattr(file(), "user.secret", bytes, sizeof bytes) > 0 ||
           listxattr(file(), bytes, sizeof bytes) > 0 ||
           llistxattr(file(), bytes, sizeof bytes) > 0;
}

const std::map<std::string, std::function<bool()>>& attempts() {
    static const std::map<std::string, std::function<bool()>> all{
        {"descriptors", write_to_others},
        {"terminal", type_into_terminal},
        {"limit", limit_other},
        {"priority", [] { return setpriority(PRIO_PROCESS, victim(), 19) == 0; }},
        {"processors", bind_other},
        {"scheduling", schedule_other},
        {"attribute", [] { return setxattr(file(), "user.intruder", "x", 1, 0) == 0; }},
        {"read-attribute", read_attribute},
        {"flags", set_flags},
        {"mode", [] { return chmod(file(), 0777) == 0; }},
        {"times", [] { return utimes(file(), nullptr) == 0; }},
        {"shared-memory", [] { return shmget(0x7a7a7a, 4096, IPC_CREAT | 0600) >= 0; }},
        {"semaphore", [] { return semget(0x7a7a7a, 1, IPC_CREAT | 0600) >= 0; }},
        {"message-queue", [] { return msgget(0x7a7a7a, IPC_CREAT | 0600) >= 0; }},
        {"key", [] { return syscall(SYS_add_key, "user", "intruder", "x", 1, -4) >= 0; }},
        {"namespace", make_user_namespace},
        {"socket", [] { return connect_to(file()); }},
        {"datagram", send_datagram},
        {"parents-memory", write_to_parent},
        {"trace", trace_parent},
        {"parents-descriptor", take_descriptor},
        {"ring", make_ring},
        {"answer", answer_twice},
        {"answer-and-stay", answer_and_stay},
        {"answer-later", answer_later},
        {"answer-without-audio", answer_without_audio},
        {"board", shorten_board},
        {"stop-parent", stop_parent},
        {"lock", lock_file},
        {"lease", [] { return fcntl(open(file(), O_RDONLY), F_SETLEASE, F_RDLCK) == 0; }},
        {"hint", set_hint},
        {"netlink", [] { return socket(AF_NETLINK, SOCK_RAW, 2) >= 0; }},
        {"watch-files", [] { return inotify_init1(0) >= 0; }},
        {"device", make_device},
        {"swap", swap_folder},
        {"read", [] { return reads_secret(file()); }},
        {"list", [] { return list_folder(file()); }},
        {"around", reach_around},
        {"execute", execute_file},
    };
    return all;
}

bool attempt() {
    std::istringstream names(variable("INTRUDER"));
    bool through = false;
    for (std::string name; names >> name;) through = attempts().at(name)() || through;
    return through;
}

bool got_through_while_loading = false;

VstIntPtr dispatch(AEffect*, int opcode, int, VstIntPtr, void* data, float) {
    return for_each_note_on(opcode, data, [](int velocity) {
        const bool through = got_through_while_loading || (velocity == 77 && attempt());
        level = through ? 0.5F : 0.25F;
    });
}

void process(AEffect*, float**, float** out, int frames) {
    for (int i = 0; i < frames; ++i) out[0][i] = level;
}

}  // namespace

extern "C" AEffect* VSTPluginMain(audioMasterCallback) {
    if (std::getenv("INTRUDER_LOADS")) {
        got_through_while_loading = attempt();
        std::fputs(got_through_while_loading ? "got through\n" : "was refused\n", stderr);
    }
    auto& effect = bare_synth();
    effect.dispatcher = dispatch;
    effect.processReplacing = process;
    return &effect;
}
