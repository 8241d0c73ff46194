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
#include "isolation/memory_file.h"

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

// What is in a folder is looked at and removed by descriptors of the folders themselves: the
// plug-in may put a link to one of the user's in the place of one of its own at any moment.
class TemporaryFolder::Walk {
 public:
    // Called for each entry, a folder before its contents, which are visited if it returns true.
    using Visit = std::function<bool(int folder, const std::string& name, const std::string& path,
                                     const Entry& entry)>;
    // Called for each folder after its contents, also for the first one. Returns false to end.
    using Leave = std::function<bool(int folder, const std::string& path, const Entry& before)>;

    Walk(Visit visit, Leave leave) : visit_(std::move(visit)), leave_(std::move(leave)) {}

    // Returns false if there is too much, or something cannot be seen.
    [[nodiscard]] bool go(int parent, const std::string& name, const std::string& path, int depth) {
        constexpr int deepest = 64;
        if (depth == deepest) return false;
        DIR* const list = ::fdopendir(
            ::openat(parent, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
        if (!list) return false;
        const std::unique_ptr<DIR, int (*)(DIR*)> closed(list, ::closedir);
        const int folder = ::dirfd(list);
        struct stat before {};
        if (::fstat(folder, &before) != 0) return false;
        while (const auto* const entry = ::readdir(list))
            if (!visit(folder, entry->d_name, path, depth)) return false;
        return leave_(folder, path, Entry(before));
    }

 private:
    [[nodiscard]] bool visit(int folder, const std::string& name, const std::string& path,
                             int depth) {
        constexpr int most_entries = 10'000;
        if (name == "." || name == "..") return true;
        struct stat info {};
        if (++count_ > most_entries ||
            ::fstatat(folder, name.c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0)
            return false;
        Entry entry(info);
        if (S_ISREG(info.st_mode) && is_in_memory(folder) && !look_into(folder, name, entry))
            return false;
        const auto inner_path = path + "/" + name;
        const bool enter = visit_(folder, name, inner_path, entry);
        return !enter || !S_ISDIR(info.st_mode) || go(folder, name, inner_path, depth + 1);
    }

    [[nodiscard]] bool look_into(int folder, const std::string& name, Entry& entry) {
        size_ += static_cast<std::size_t>(entry.size);
        const Descriptor file(::openat(folder, name.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
        const auto hash = size_ <= most_looked_at ? hash_of_contents(file.get()) : std::nullopt;
        entry.contents = hash.value_or("");
        return hash.has_value();
    }

    Visit visit_;
    Leave leave_;
    int count_ = 0;
    std::size_t size_ = 0;
};

bool TemporaryFolder::are_same(const Entry& one, const Entry& other) {
    if (one.inode != other.inode || one.mode != other.mode) return false;
    return S_ISDIR(one.mode) || (one.size == other.size && one.read == other.read &&
                                 one.changed == other.changed && one.contents == other.contents);
}

bool TemporaryFolder::set_times(int folder, const Entry& entry) {
    const auto as_kernel_has_it = [](const Time& time) {
        return timespec{.tv_sec = time.seconds, .tv_nsec = time.nanoseconds};
    };
    const timespec times[] = {as_kernel_has_it(entry.read), as_kernel_has_it(entry.written)};
    return ::futimens(folder, times) == 0;
}

// The kernel sets the time at which a folder was last changed itself. So that it tells the first
// job no less than the others, the times are set here too.
void TemporaryFolder::remember() {
    entries_.emplace();
    Walk walk(
        [this](int, const std::string&, const std::string& path, const Entry& entry) {
            entries_->emplace(path, entry);
            return true;
        },
        [this](int folder, const std::string& path, const Entry& before) {
            entries_->insert_or_assign(path, before);
            return set_times(folder, before);
        });
    if (!walk.go(AT_FDCWD, path_, "", 0)) entries_.reset();
}

bool TemporaryFolder::put_back() {
    if (!entries_) return false;
    bool same = true;
    std::size_t seen = 0;
    Walk walk(
        [&](int folder, const std::string& name, const std::string& path, const Entry& entry) {
            const auto known = entries_->find(path);
            if (known == entries_->end()) {
                same = same && (S_ISDIR(entry.mode) ? remove_tree_at(folder, name)
                                                    : ::unlinkat(folder, name.c_str(), 0) == 0);
                return false;
            }
            if (!S_ISDIR(entry.mode)) ++seen;
            same = same && are_same(entry, known->second);
            return true;
        },
        [&](int folder, const std::string& path, const Entry&) {
            ++seen;
            const auto& known = entries_->at(path);
            struct stat now {};
            return ::fstat(folder, &now) == 0 && now.st_size == known.size &&
                   set_times(folder, known);
        });
    return walk.go(AT_FDCWD, path_, "", 0) && same && seen == entries_->size();
}

}  // namespace patchpipe
