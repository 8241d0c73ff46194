// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A folder that is not empty is moved up into the one that is removed, and emptied there: no path
// and no stack grows with the depth.
#include "file/remove_tree.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cerrno>
#include <utility>
#include <vector>

#include "base/descriptor.h"

namespace patchpipe {
namespace {

constexpr mode_t all_for_owner = S_IRWXU;

// To be listed and changed, whatever its mode was. The mode is changed by a descriptor of the
// folder itself, whatever has its name by then.
Descriptor open_folder(int parent, const char* name) {
    const Descriptor place(openat(parent, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (place.get() < 0) return {};
    const auto path = "/proc/self/fd/" + std::to_string(place.get());
    (void)chmod(path.c_str(), all_for_owner);
    return Descriptor(openat(place.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
}

std::vector<std::string> names_in(int folder) {
    std::vector<std::string> names;
    DIR* const list = fdopendir(openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!list) return names;
    while (const auto* const entry = readdir(list)) {
        const std::string name = entry->d_name;
        if (name != "." && name != "..") names.push_back(name);
    }
    closedir(list);
    return names;
}

bool remove_file_or_empty_folder(int parent, const char* name) {
    return unlinkat(parent, name, 0) == 0 || errno == ENOENT ||
           unlinkat(parent, name, AT_REMOVEDIR) == 0;
}

class Removal {
 public:
    explicit Removal(Descriptor folder) : root_(std::move(folder)) {}

    // Returns false if nothing more can be removed.
    bool empty() {
        for (auto names = names_in(root_.get()); !names.empty(); names = names_in(root_.get())) {
            bool removed = false;
            for (const auto& name : names)
                removed = remove_file_or_empty_folder(root_.get(), name.c_str()) ||
                          remove_folder(name.c_str()) || removed;
            if (!removed) return false;
        }
        return true;
    }

 private:
    bool remove_folder(const char* name) {
        const auto folder = open_folder(root_.get(), name);
        for (const auto& inner : names_in(folder.get()))
            if (!remove_file_or_empty_folder(folder.get(), inner.c_str()))
                move_up(folder.get(), inner.c_str());
        return unlinkat(root_.get(), name, AT_REMOVEDIR) == 0;
    }

    // A folder that is moved must be writable itself, since its ".." changes.
    void move_up(int from, const char* name) {
        (void)open_folder(from, name);
        constexpr int most_tries = 1000;
        for (int tries = 0; tries < most_tries; ++tries) {
            const auto target = "moved-up-" + std::to_string(moved_++);
            if (renameat(from, name, root_.get(), target.c_str()) == 0) return;
            if (errno != EEXIST && errno != ENOTEMPTY && errno != ENOTDIR) return;
        }
    }

    Descriptor root_;
    unsigned long moved_ = 0;
};

}  // namespace

bool remove_tree_at(int parent, const std::string& name) {
    const auto* const path = name.c_str();
    return Removal(open_folder(parent, path)).empty() &&
           (unlinkat(parent, path, AT_REMOVEDIR) == 0 || errno == ENOENT);
}

bool remove_tree(const std::string& folder) { return remove_tree_at(AT_FDCWD, folder); }

}  // namespace patchpipe
