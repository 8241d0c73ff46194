// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "file/whole_file.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>
#include <atomic>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <thread>
#include <utility>

#include "base/descriptor.h"
#include "base/error.h"
#include "base/number.h"
#include "base/write.h"
#include "file/absolute.h"

namespace patchpipe {
namespace {

std::string resolve_links(const std::string& path) {
    char* resolved = ::realpath(path.c_str(), nullptr);
    if (!resolved) return path;
    std::string target = resolved;
    std::free(resolved);
    return target;
}

// True if the path leads to a descriptor of some process, through the links in /proc.
bool leads_to_descriptor(const std::string& path) {
    open_how how{};
    how.flags = O_PATH | O_CLOEXEC;
    how.resolve = RESOLVE_NO_MAGICLINKS;
    const auto fd =
        static_cast<int>(syscall(SYS_openat2, AT_FDCWD, path.c_str(), &how, sizeof how));
    const bool refused = fd < 0 && errno == ELOOP;
    if (fd >= 0) ::close(fd);
    return refused;
}

// Of this process alone, also in a folder that several hosts share. lib/driver/lock.sh reads it.
std::string temporary_name(const std::string& folder) {
    static std::atomic<unsigned> count = 0;
    utsname system{};
    const std::string host = ::uname(&system) == 0 ? system.nodename : "";
    return folder + "/.patchpipe-" + host + "-" + std::to_string(::getpid()) + "-" +
           std::to_string(count++);
}

// The path of an open file that has no name in any folder.
std::string proc_name(int fd) { return "/proc/self/fd/" + std::to_string(fd); }

}  // namespace

std::optional<int> named_descriptor(std::string_view path) {
    if (path == "/dev/stdout") return STDOUT_FILENO;
    if (path == "/dev/stderr") return STDERR_FILENO;
    for (const std::string_view folder : {"/dev/fd/", "/proc/self/fd/"}) {
        if (!path.starts_with(folder)) continue;
        if (const auto number = parse_whole<int>(path.substr(folder.size()))) return number;
    }
    return {};
}

WholeFile::WholeFile(std::string path, std::optional<Deadline> deadline) : path_(std::move(path)) {
    if (const auto descriptor = named_descriptor(path_)) {
        straight_ = true;
        // Opening it would start at the file's beginning and overwrite what is there, and a socket
        // cannot be opened at all.
        fd_ = ::fcntl(*descriptor, F_DUPFD_CLOEXEC, 0);
        if (fd_ < 0) fail(errno);
        return;
    }
    if (path_.empty() || path_.ends_with('/')) fail(path_.empty() ? ENOENT : EISDIR);
    struct stat info {};
    const bool exists = ::stat(path_.c_str(), &info) == 0;
    if (!exists && errno != ENOENT) fail(errno);
    if (exists && S_ISDIR(info.st_mode)) fail(EISDIR);
    if (exists) refuse_descriptor();
    if (exists && !S_ISREG(info.st_mode)) {
        straight_ = true;
        if (S_ISFIFO(info.st_mode) && deadline)
            open_fifo(*deadline);
        else
            open_straight();
        return;
    }
    if (exists) mode_ = info.st_mode & (S_IRWXU | S_IRWXG | S_IRWXO);
    target_ = exists ? resolve_links(path_) : path_;
    folder_ = parent_folder(target_);
    // Folders usually exist, so they are made only after opening has failed.
    if (try_open()) return;
    if (errno == ENOENT) make_folder();
    if (!try_open()) fail(errno);
}

WholeFile::~WholeFile() {
    if (!temporary_.empty()) ::unlink(temporary_.c_str());
    if (fd_ >= 0) ::close(fd_);
}

void WholeFile::refuse_descriptor() const {
    if (!leads_to_descriptor(path_)) return;
    throw Error(ErrorKind::unsupported, path_,
                "leads to an open descriptor; name that as /dev/stdout or /dev/fd/N");
}

void WholeFile::open_straight() {
    fd_ = ::open(path_.c_str(), O_WRONLY | O_NOCTTY | O_CLOEXEC);
    if (fd_ < 0) fail(errno);
}

// Opening a FIFO without O_NONBLOCK waits for a reader for ever.
void WholeFile::open_fifo(Deadline deadline) {
    constexpr std::chrono::milliseconds pause{10};
    for (;;) {
        fd_ = ::open(path_.c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC);
        if (fd_ >= 0) break;
        if (errno != ENXIO && errno != EINTR) fail(errno);
        if (RealClock::now() >= deadline)
            throw Error(ErrorKind::io, path_,
                        "no program reads this FIFO; start one that reads it");
        std::this_thread::sleep_for(pause);
    }
    ::fcntl(fd_, F_SETFL, ::fcntl(fd_, F_GETFL) & ~O_NONBLOCK);
}

void WholeFile::make_folder() const {
    std::error_code error;
    std::filesystem::create_directories(folder_, error);
    if (error) fail(error.value());
}

bool WholeFile::try_open() {
    // Giving an unnamed file its name goes through /proc.
    static const bool has_proc = ::access("/proc/self/fd", X_OK) == 0;
    if (has_proc) fd_ = ::open(folder_.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0666);
    if (fd_ < 0) open_temporary();
    return fd_ >= 0;
}

void WholeFile::open_temporary() {
    std::string name;
    do {
        name = temporary_name(folder_);
        fd_ = ::open(name.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    } while (fd_ < 0 && errno == EEXIST);
    if (fd_ >= 0) temporary_ = name;
}

void WholeFile::keep_mode() const {
    if (mode_ && ::fchmod(fd_, *mode_) != 0) fail(errno);
}

void WholeFile::write(std::string_view bytes) {
    if (const int error = try_write_all(fd_, bytes)) fail(error);
}

// link() cannot replace a file, so an existing one is replaced by rename().
void WholeFile::link_unnamed() {
    const auto source = proc_name(fd_);
    const auto link = [&](const std::string& name) {
        return ::linkat(AT_FDCWD, source.c_str(), AT_FDCWD, name.c_str(), AT_SYMLINK_FOLLOW);
    };
    if (link(target_) == 0) return;
    while (errno == EEXIST) {
        const auto name = temporary_name(folder_);
        if (link(name) != 0) continue;
        temporary_ = name;
        return;
    }
    fail(errno);
}

// Some file systems report a full disk only when a descriptor is closed: closing a duplicate asks
// them before the file has its name.
void WholeFile::check_written() const {
    const int duplicate = ::dup(fd_);
    if (duplicate < 0 || (::close(duplicate) != 0 && errno != EINTR)) fail(errno);
}

// EINVAL: the file system has no disk to wait for.
void WholeFile::wait_for_disk() const {
    if (repeated([&] { return ::fdatasync(fd_); }) != 0 && errno != EINVAL) fail(errno);
}

void WholeFile::commit(Sync sync) {
    check_written();
    if (sync == Sync::first && !straight_) wait_for_disk();
    if (!straight_ && temporary_.empty()) link_unnamed();
    if (!temporary_.empty()) {
        if (::rename(temporary_.c_str(), target_.c_str()) != 0) fail(errno);
        temporary_.clear();
    }
    ::close(std::exchange(fd_, -1));
}

void WholeFile::fail(int error_number) const {
    throw Error(ErrorKind::io, path_, "cannot write: " + system_message(error_number));
}

bool same_regular_file(const std::string& one, const std::string& other) {
    struct stat first {};
    struct stat second {};
    return ::stat(one.c_str(), &first) == 0 && S_ISREG(first.st_mode) &&
           ::stat(other.c_str(), &second) == 0 && first.st_dev == second.st_dev &&
           first.st_ino == second.st_ino;
}

void write_whole_file(const std::string& path, std::string_view bytes) {
    WholeFile file(path);
    file.write(bytes);
    file.commit();
}

}  // namespace patchpipe
