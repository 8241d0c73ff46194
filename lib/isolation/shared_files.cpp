// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "isolation/shared_files.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>
#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string_view>
#include <utility>
#include <vector>

#include "base/descriptor.h"
#include "file/content_hash.h"

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

// Calls use(range) for memory that is shared and can be written.
template <typename Use>
void for_each_shared_mapping(Use use) {
    std::ifstream maps("/proc/self/maps");
    for (std::string line; std::getline(maps, line);) {
        std::uintptr_t begin = 0, end = 0;
        const auto* const text = line.data();
        const auto dash = line.find('-'), space = line.find(' ');
        if (dash == line.npos || space == line.npos) continue;
        constexpr int hexadecimal = 16;
        std::from_chars(text, text + dash, begin, hexadecimal);
        std::from_chars(text + dash + 1, text + space, end, hexadecimal);
        if (std::string_view(line).substr(space + 1, 4) == "rw-s") use(Range{begin, end});
    }
}

}  // namespace

SharedFiles::File SharedFiles::look_at(int fd, Whose whose) {
    File file;
    struct stat info {};
    if (fstat(fd, &info) != 0) return file;
    file.is_renewed = whose == Whose::plugins && (S_ISFIFO(info.st_mode) || S_ISSOCK(info.st_mode));
    if (S_ISREG(info.st_mode) && whose == Whose::plugins)
        for (const std::int64_t number :
             {std::int64_t{info.st_size}, std::int64_t{info.st_mode},
              std::int64_t{info.st_ctim.tv_sec}, std::int64_t{info.st_ctim.tv_nsec}})
            add(file.lasting, number);
    if (S_ISFIFO(info.st_mode)) add(file.lasting, fcntl(fd, F_GETPIPE_SZ));
    if (S_ISSOCK(info.st_mode)) add_options(file.lasting, fd);
    for (const int question : {F_GETOWN, F_GETSIG, F_GETLEASE, F_GET_SEALS})
        add(file.lasting, fcntl(fd, question));
    if (whose == Whose::ours) add(file.lasting, fcntl(fd, F_GETFL));
    if (whose == Whose::plugins && !file.is_renewed)
        add_kernel_notes(file.lasting, file.passing, fd);
    return file;
}

void SharedFiles::take(std::span<const int> own, Range own_memory) {
    for_each_descriptor([&](int fd) {
        const bool is_ours =
            fd <= STDERR_FILENO || std::find(own.begin(), own.end(), fd) != own.end();
        const auto whose = is_ours ? Whose::ours : Whose::plugins;
        files_.emplace(fd, std::pair(whose, look_at(fd, whose)));
    });
    std::size_t size = 0;
    for_each_shared_mapping([&](Range mapping) {
        if (mapping.start == own_memory.start) return;
        memory_.push_back(mapping);
        size += mapping.size();
    });
    constexpr std::size_t most = std::size_t{64} << 20;
    too_much_ = size > most;
    if (!too_much_) hash_ = hash_of_memory();
}

bool SharedFiles::changed() const {
    const bool same = std::all_of(files_.begin(), files_.end(), [](const auto& file) {
        const auto& [whose, then] = file.second;
        return then.is_renewed || look_at(file.first, whose) == then;
    });
    return too_much_ || !same || hash_of_memory() != hash_;
}

// One that was closed is no longer shared.
bool SharedFiles::changed_for_good() const {
    return std::any_of(files_.begin(), files_.end(), [](const auto& file) {
        const auto& [whose, then] = file.second;
        return fcntl(file.first, F_GETFD) >= 0 &&
               look_at(file.first, whose).lasting != then.lasting;
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
