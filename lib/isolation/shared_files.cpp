// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "isolation/shared_files.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>
#include <algorithm>
#include <array>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <string_view>
#include <vector>

#include "base/descriptor.h"
#include "base/inner_pipes.h"
#include "base/real_time.h"
#include "file/content_hash.h"
#include "isolation/mappings.h"
#include "isolation/memory_file.h"
#include "isolation/process_state.h"

namespace patchpipe {
namespace {

void add(std::string& state, std::int64_t number) {
    state += std::to_string(number);
    state += ' ';
}

// The options that change what a pair of local sockets does.
void add_options(std::string& state, int fd) {
    for (const int option : {SO_SNDBUF, SO_RCVBUF, SO_PRIORITY, SO_MARK, SO_SNDTIMEO, SO_RCVTIMEO,
                             SO_RCVLOWAT, SO_LINGER, SO_PASSCRED, SO_PEEK_OFF}) {
        std::array<char, 64> value{};
        socklen_t size = value.size();
        if (getsockopt(fd, SOL_SOCKET, option, value.data(), &size) == 0)
            state.append(value.data(), size);
    }
}

// A timer that runs shows how long it still does.
std::string_view without_remaining_time(std::string_view line) {
    constexpr std::string_view remaining = "it_value: (";
    return line.starts_with(remaining) && !line.starts_with("it_value: (0, 0)") ? remaining : line;
}

// What the kernel says of an open file. Longer notes are cut off: nobody has so many watches or
// locks and shares them.
std::string_view read_notes(int fd, std::span<char> buffer) {
    const Descriptor notes(
        open(("/proc/self/fdinfo/" + std::to_string(fd)).c_str(), O_RDONLY | O_CLOEXEC));
    const auto size = read(notes.get(), buffer.data(), buffer.size());
    return {buffer.data(), static_cast<std::size_t>(std::max<ssize_t>(size, 0))};
}

// Counters, timers, watched files and locks (proc(5)).
void add_kernel_notes(std::string& lasting, std::string& passing, int fd) {
    std::array<char, 4096> buffer;
    for (auto rest = read_notes(fd, buffer); !rest.empty();) {
        const auto end = std::min(rest.find('\n'), rest.size() - 1) + 1;
        const auto line = rest.substr(0, end);
        rest.remove_prefix(end);
        // Other locks than this kind belong to the open file, not to the process.
        const bool passes = line.starts_with("pos:") || line.starts_with("flags:") ||
                            (line.starts_with("lock:") && line.find("POSIX") != line.npos);
        (passes ? passing : lasting) += without_remaining_time(line);
    }
}

template <typename Use>
void for_each_descriptor(Use use) {
    std::error_code why;
    std::vector<int> found;
    for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd", why))
        found.push_back(std::stoi(entry.path().filename()));
    for (const int fd : found)
        if (fcntl(fd, F_GETFD) >= 0) use(fd);  // not that of the list
}

std::vector<Mapping> shared_mappings() {
    std::vector<Mapping> found;
    std::ifstream maps("/proc/self/maps");
    for (std::string line; std::getline(maps, line);)
        if (const auto mapping = parse_mapping(line); mapping.shared && !mapping.is_kernels)
            found.push_back(mapping);
    return found;
}

// What has no name in a folder, and of which the kernel tells all that can be changed.
bool is_known_kind(int fd) {
    constexpr std::string_view known[] = {"[eventfd]",   "[timerfd]", "[signalfd]",
                                          "[eventpoll]", "inotify",   "[pidfd]"};
    std::array<char, 64> buffer;
    const auto size =
        readlink(("/proc/self/fd/" + std::to_string(fd)).c_str(), buffer.data(), buffer.size());
    std::string_view kind(buffer.data(), static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
    constexpr std::string_view begin = "anon_inode:";
    return kind.starts_with(begin) && std::find(std::begin(known), std::end(known),
                                                kind.substr(begin.size())) != std::end(known);
}

bool is_for_writing(int fd) { return (fcntl(fd, F_GETFL) & O_ACCMODE) != O_RDONLY; }

bool is_writable_file(int fd) {
    return is_for_writing(fd) || Descriptor(open(("/proc/self/fd/" + std::to_string(fd)).c_str(),
                                                 O_WRONLY | O_NONBLOCK | O_CLOEXEC))
                                         .get() >= 0;
}

// The files of the kernel, such as /proc/self/mem, and message queues do not tell of changes.
bool is_silent_file(int fd) {
    constexpr long queues = 0x19800202;  // MQUEUE_MAGIC, which no header has
    struct statfs info {};
    return fstatfs(fd, &info) != 0 || info.f_type == queues ||
           (info.f_type == PROC_SUPER_MAGIC && is_for_writing(fd));
}

// Nobody is at the other end, and nothing is left in it.
bool is_dead_pipe(int fd) {
    pollfd polled{fd, POLLIN, 0};
    return real_poll(&polled, 1, {}) == 1 && (polled.revents & (POLLHUP | POLLERR)) &&
           !(polled.revents & POLLIN);
}

// Null if changed() sees what is done to it.
const char* why_unseen(int fd, const struct stat& info) {
    if (S_ISBLK(info.st_mode) || (S_ISCHR(info.st_mode) && !is_harmless_device(info.st_rdev)))
        return "has a device open";
    if (S_ISSOCK(info.st_mode) || (S_ISFIFO(info.st_mode) && !is_dead_pipe(fd)))
        return "has a pipe or socket open that leads out of its process";
    const bool has_type = (info.st_mode & S_IFMT) != 0;
    if ((!has_type && !is_known_kind(fd)) || (S_ISREG(info.st_mode) && is_silent_file(fd)))
        return "has something open that does not tell of changes";
    return nullptr;
}

constexpr const char* unseen_memory = "shares memory that cannot be looked at after each job";

}  // namespace

SharedFiles::State SharedFiles::look_at(const File& file) {
    State state;
    struct stat info {};
    if (fstat(file.fd, &info) != 0) return state;
    const bool is_plugins = file.whose == Whose::plugins;
    if (S_ISREG(info.st_mode) && is_plugins)
        for (const std::int64_t number :
             {std::int64_t{info.st_size}, std::int64_t{info.st_mode},
              std::int64_t{info.st_ctim.tv_sec}, std::int64_t{info.st_ctim.tv_nsec}})
            add(state.lasting, number);
    if (file.is_contents) state.lasting += hash_of_contents(file.fd).value_or("");
    if (S_ISFIFO(info.st_mode)) add(state.lasting, fcntl(file.fd, F_GETPIPE_SZ));
    if (S_ISSOCK(info.st_mode)) add_options(state.lasting, file.fd);
    for (const int question : {F_GETOWN, F_GETSIG, F_GETLEASE, F_GET_SEALS})
        add(state.lasting, fcntl(file.fd, question));
    if (!is_plugins) add(state.lasting, fcntl(file.fd, F_GETFL));
    if (is_plugins && !file.is_renewed) add_kernel_notes(state.lasting, state.passing, file.fd);
    return state;
}

SharedFiles::File SharedFiles::note(int fd, std::span<const int> own,
                                    std::span<const int> renewed) {
    const auto is_among = [fd](std::span<const int> all) {
        return std::find(all.begin(), all.end(), fd) != all.end();
    };
    const auto whose = fd <= STDERR_FILENO || is_among(own) ? Whose::ours : Whose::plugins;
    File file{.fd = fd, .whose = whose, .is_renewed = is_among(renewed), .is_contents = false};
    struct stat info {};
    if (whose == Whose::plugins && !file.is_renewed && fstat(fd, &info) == 0) {
        if (const auto* why = why_unseen(fd, info)) unseen_ = why;
        file.is_contents = S_ISREG(info.st_mode) && is_in_memory(fd) && is_writable_file(fd);
        if (file.is_contents) size_ += static_cast<std::size_t>(info.st_size);
        if (size_ > most_looked_at || (file.is_contents && !hash_of_contents(fd)))
            unseen_ = unseen_memory;
    }
    file.then = look_at(file);
    return file;
}

void SharedFiles::take(std::span<const int> own, Range own_memory) {
    const auto renewed = inner_pipe_ends();
    for_each_descriptor([&](int fd) { files_.push_back(note(fd, own, renewed)); });
    take_memory(own_memory);
}

void SharedFiles::take_memory(Range own_memory) {
    for (const auto& mapping : shared_mappings()) {
        if (mapping.range.start == own_memory.start || !can_be_written(mapping)) continue;
        if (!(mapping.protection & PROT_READ)) unseen_ = unseen_memory;
        memory_.push_back(mapping.range);
        size_ += mapping.range.size();
    }
    if (size_ > most_looked_at) unseen_ = unseen_memory;
    if (!unseen_) hash_ = hash_of_memory();
}

bool SharedFiles::changed() const {
    const bool same = std::all_of(files_.begin(), files_.end(), [](const File& file) {
        return file.is_renewed || look_at(file) == file.then;
    });
    return unseen_ || !same || hash_of_memory() != hash_;
}

// One that was closed is no longer shared.
bool SharedFiles::changed_for_good() const {
    return std::any_of(files_.begin(), files_.end(), [](const File& file) {
        return fcntl(file.fd, F_GETFD) >= 0 && look_at(file).lasting != file.then.lasting;
    });
}

// Of memory whose file has become shorter, reading ends the process.
std::string SharedFiles::hash_of_memory() const {
    ContentHash hash;
    for (const auto& range : memory_)
        hash.add({reinterpret_cast<const char*>(range.start), range.size()});
    return hash.text();
}

}  // namespace patchpipe
