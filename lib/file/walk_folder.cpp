// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "file/walk_folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <algorithm>
#include <cerrno>
#include <compare>
#include <memory>
#include <set>
#include <vector>

#include "base/utf8.h"

namespace patchpipe {
namespace {

struct CloseFolder {
    void operator()(DIR* folder) const { ::closedir(folder); }
};
using OpenFolder = std::unique_ptr<DIR, CloseFolder>;

struct FolderId {
    dev_t device;
    ino_t inode;
    auto operator<=>(const FolderId&) const = default;
};

struct Entry {
    std::string name;
    bool is_folder;
};

class Walk {
 public:
    Walk(const WalkDepth& depth, const WalkEvents& events) : depth_(depth), events_(events) {}

    void enter(const std::string& folder) {
        OpenFolder open(::opendir(folder.c_str()));
        struct stat status;
        if (!open || ::fstat(::dirfd(open.get()), &status) != 0) return fail(folder, errno);
        // 18 folders with two links each to the next one would be entered 262,144 times.
        if (!seen_.insert({status.st_dev, status.st_ino}).second) return;

        auto entries = read_entries(folder, open.get());
        open.reset();  // before going down, so that depth costs no descriptors
        std::sort(entries.begin(), entries.end(),
                  [](const Entry& a, const Entry& b) { return a.name < b.name; });
        for (const auto& entry : entries) report(folder, entry);
    }

 private:
    std::vector<Entry> read_entries(const std::string& folder, DIR* open) {
        std::vector<Entry> entries;
        errno = 0;
        while (const auto* item = ::readdir(open)) {
            const std::string_view name = item->d_name;
            if (name != "." && name != "..") add(entries, folder, open, *item);
            errno = 0;
        }
        if (errno != 0) fail(folder, errno);
        return entries;
    }

    void add(std::vector<Entry>& entries, const std::string& folder, DIR* open,
             const dirent& item) {
        auto type = item.d_type;
        // readdir() knows the type of most files; a stat() for each would double the time.
        const bool is_link = type == DT_LNK || (type == DT_UNKNOWN && is_a_link(open, item));
        if (is_link || type == DT_UNKNOWN) type = followed_type(folder, open, item);
        const bool entered = depth_.recursive && (depth_.follow_links || !is_link);
        const bool is_folder = type == DT_DIR && entered;
        const bool is_wanted = type == DT_REG && events_.wanted(item.d_name);
        if (is_folder || is_wanted) entries.push_back({item.d_name, is_folder});
    }

    static bool is_a_link(DIR* open, const dirent& item) {
        struct stat status;
        const int flags = AT_SYMLINK_NOFOLLOW;
        return ::fstatat(::dirfd(open), item.d_name, &status, flags) == 0 &&
               S_ISLNK(status.st_mode);
    }

    unsigned char followed_type(const std::string& folder, DIR* open, const dirent& item) {
        struct stat status;
        if (::fstatat(::dirfd(open), item.d_name, &status, 0) != 0) {
            // A link that leads nowhere is only worth reporting if its file would be.
            const bool leads_nowhere = errno == ENOENT || errno == ELOOP;
            if (!leads_nowhere || events_.wanted(item.d_name))
                fail(join(folder, item.d_name), errno);
            return DT_UNKNOWN;
        }
        if (S_ISDIR(status.st_mode)) return DT_DIR;
        return S_ISREG(status.st_mode) ? DT_REG : DT_UNKNOWN;
    }

    void report(const std::string& folder, const Entry& entry) {
        const auto path = join(folder, entry.name);
        if (!is_utf8(entry.name)) return events_.failed(not_utf8(path));
        if (entry.is_folder) return enter(path);
        events_.found(path);
    }

    void fail(const std::string& path, int error_number) {
        events_.failed(Error(ErrorKind::io, path, system_message(error_number)));
    }

    static std::string join(const std::string& folder, const std::string& name) {
        return folder.back() == '/' ? folder + name : folder + "/" + name;
    }

    const WalkDepth& depth_;
    const WalkEvents& events_;
    std::set<FolderId> seen_;
};

}  // namespace

Error not_utf8(std::string_view path) {
    return {ErrorKind::unsupported, path, "not UTF-8, which JSON requires; rename it"};
}

void walk_folder(const std::string& folder, const WalkDepth& depth, const WalkEvents& events) {
    Walk(depth, events).enter(folder);
}

}  // namespace patchpipe
