// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "isolation/temporary_folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstdlib>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "base/descriptor.h"
#include "base/error.h"
#include "file/nameless_file.h"
#include "file/remove_tree.h"
#include "isolation/child.h"

namespace patchpipe {
namespace {

std::string make_folder_in(const std::string& folder, const std::string& name) {
    auto path = folder + "/" + name;
    if (!::mkdtemp(path.data()))
        throw Error(ErrorKind::io, folder, "cannot make a folder there: " + system_message(errno));
    return path;
}

// Tries again for up to ten seconds, because a process that is being killed may still write.
void remove_folder(const std::string& path) {
    constexpr int most_tries = 500;
    constexpr unsigned pause_us = 20000;
    for (int i = 0; i < most_tries && !remove_tree(path); ++i) ::usleep(pause_us);
}

// Makes the folder, tells its path, and removes it when the parent has ended. Nothing of the
// parent's stays open here, and all signals are blocked.
[[noreturn]] void keep_folder(pid_t parent, int answer) {
    ::setsid();
    prctl(PR_SET_NAME, "patchpipe-clean");
    auto path = temporary_root() + "/patchpipe-XXXXXX";
    if (!::mkdtemp(path.data())) _exit(errno);
    (void)!::write(answer, path.data(), path.size());
    close_range(0, ~0U, 0);
    pollfd ended{static_cast<int>(syscall(SYS_pidfd_open, parent, 0)), POLLIN, 0};
    if (::getppid() == parent && ended.fd >= 0)
        while (::poll(&ended, 1, -1) < 0 && errno == EINTR) {
        }
    remove_folder(path);
    _exit(0);
}

// A process that no signal reaches, whichever thread of this one a signal ends.
pid_t fork_deaf(int answer) {
    sigset_t all, before;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, &before);
    const auto parent = ::getpid();
    const auto pid = ::fork();
    if (pid == 0) keep_folder(parent, answer);
    sigprocmask(SIG_SETMASK, &before, nullptr);
    return pid;
}

std::string read_to_end(int fd) {
    std::string text(PATH_MAX, '\0');
    std::size_t size = 0;
    for (ssize_t got = 1; got != 0 && size < text.size();) {
        got = ::read(fd, text.data() + size, text.size() - size);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) break;
        size += static_cast<std::size_t>(got);
    }
    text.resize(size);
    return text;
}

// Of all temporary folders of this process.
class Root {
 public:
    Root() {
        int ends[2];
        if (::pipe2(ends, O_CLOEXEC) != 0)
            throw Error(ErrorKind::io, "pipe", system_message(errno));
        const Descriptor answer(ends[0]);
        Descriptor told(ends[1]);
        remover_.emplace(fork_deaf(told.get()));
        told = Descriptor();
        path_ = read_to_end(answer.get());
        if (path_.empty())
            throw Error(ErrorKind::io, temporary_root(),
                        "cannot make a temporary folder there; set TMPDIR to another one");
    }
    ~Root() { remove_folder(path_); }
    Root(const Root&) = delete;
    Root& operator=(const Root&) = delete;

    [[nodiscard]] const std::string& path() const { return path_; }

 private:
    std::string path_;
    std::optional<Child> remover_;
};

const Root& root() {
    static const Root only;
    return only;
}

}  // namespace

TemporaryFolder::TemporaryFolder() : path_(make_folder_in(root().path(), "XXXXXX")) {}
TemporaryFolder::~TemporaryFolder() { remove_folder(path_); }

TemporaryFolder::Entry::Entry(const struct stat& info) : inode(info.st_ino), mode(info.st_mode) {
    if (S_ISDIR(info.st_mode)) return;
    size = info.st_size;
    seconds = info.st_ctim.tv_sec;
    nanoseconds = info.st_ctim.tv_nsec;
}

namespace {

// What is in a folder is looked at and removed by descriptors of the folders themselves: the
// plug-in may put a link to one of the user's in the place of one of its own at any moment.
class Walk {
 public:
    // Called for each entry, a folder before its contents, which are visited if it returns true.
    using Visit = std::function<bool(int folder, const std::string& name, const std::string& path,
                                     const struct stat& info)>;

    explicit Walk(Visit visit) : visit_(std::move(visit)) {}

    // Returns false if there is too much, or something cannot be seen.
    [[nodiscard]] bool go(int parent, const std::string& name, const std::string& path, int depth) {
        constexpr int deepest = 64;
        if (depth == deepest) return false;
        DIR* const list = ::fdopendir(
            ::openat(parent, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
        if (!list) return false;
        const std::unique_ptr<DIR, int (*)(DIR*)> closed(list, ::closedir);
        while (const auto* const entry = ::readdir(list)) {
            const std::string inner = entry->d_name;
            if (inner == "." || inner == "..") continue;
            constexpr int most_entries = 10'000;
            struct stat info {};
            if (++count_ > most_entries ||
                ::fstatat(::dirfd(list), inner.c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0)
                return false;
            const auto inner_path = path + "/" + inner;
            const bool enter = visit_(::dirfd(list), inner, inner_path, info);
            if (enter && S_ISDIR(info.st_mode) && !go(::dirfd(list), inner, inner_path, depth + 1))
                return false;
        }
        return true;
    }

 private:
    Visit visit_;
    int count_ = 0;
};

}  // namespace

void TemporaryFolder::remember() {
    entries_.emplace();
    Walk walk([this](int, const std::string&, const std::string& path, const struct stat& info) {
        entries_->emplace(path, Entry(info));
        return true;
    });
    if (!walk.go(AT_FDCWD, path_, "", 0)) entries_.reset();
}

bool TemporaryFolder::put_back() const {
    if (!entries_) return false;
    bool same = true;
    std::size_t seen = 0;
    Walk walk(
        [&](int folder, const std::string& name, const std::string& path, const struct stat& info) {
            const auto known = entries_->find(path);
            if (known == entries_->end()) {
                same = same && (S_ISDIR(info.st_mode) ? remove_tree_at(folder, name)
                                                      : ::unlinkat(folder, name.c_str(), 0) == 0);
                return false;
            }
            ++seen;
            same = same && Entry(info) == known->second;
            return true;
        });
    return walk.go(AT_FDCWD, path_, "", 0) && same && seen == entries_->size();
}

}  // namespace patchpipe
