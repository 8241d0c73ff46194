// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "isolation/temporary_folder.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <vector>

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

// Calls visit(path, Entry) for the folder and what is in it, each folder before its contents, which
// are visited if it returns true. Returns false if there is too much, or something cannot be seen.
template <typename Visit>
bool TemporaryFolder::visit_all(Visit visit) const {
    constexpr std::size_t most_entries = 10'000;
    std::vector<std::string> paths{path_};
    for (std::size_t i = 0; i < paths.size(); ++i) {
        struct stat info {};
        if (paths.size() > most_entries || ::lstat(paths[i].c_str(), &info) != 0) return false;
        if (!visit(paths[i], Entry(info)) || !S_ISDIR(info.st_mode)) continue;
        std::error_code why;
        for (std::filesystem::directory_iterator entry(paths[i], why), end; !why && entry != end;
             entry.increment(why))
            paths.push_back(entry->path());
        if (why) return false;
    }
    return true;
}

void TemporaryFolder::remember() {
    entries_.emplace();
    const bool all = visit_all([this](const std::string& path, const Entry& entry) {
        entries_->emplace(path, entry);
        return true;
    });
    if (!all) entries_.reset();
}

bool TemporaryFolder::put_back() const {
    if (!entries_) return false;
    bool same = true;
    std::size_t seen = 0;
    const bool all = visit_all([&](const std::string& path, const Entry& entry) {
        const auto known = entries_->find(path);
        if (known == entries_->end()) {
            const bool is_folder = S_ISDIR(entry.mode);
            same = same && (is_folder ? remove_tree(path) : ::unlink(path.c_str()) == 0);
            return false;
        }
        ++seen;
        same = same && entry == known->second;
        return true;
    });
    return all && same && seen == entries_->size();
}

}  // namespace patchpipe
