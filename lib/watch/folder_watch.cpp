// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "watch/folder_watch.h"

#include <sys/inotify.h>
#include <unistd.h>
#include <array>
#include <cstdint>
#include <filesystem>
#include <set>
#include <string>

namespace patchpipe {
namespace {

constexpr std::uint32_t changes =
    IN_CLOSE_WRITE | IN_MODIFY | IN_MOVED_TO | IN_MOVED_FROM | IN_CREATE | IN_DELETE | IN_ONLYDIR;

}  // namespace

FolderWatch::FolderWatch() : fd_(inotify_init1(IN_CLOEXEC | IN_NONBLOCK)) {}

// The kernel knows a folder that is watched already, and changes nothing then.
void FolderWatch::add_folders_of(const std::vector<std::string>& files) {
    if (fd_.get() < 0) return;
    std::set<std::string> folders;
    for (const auto& file : files) folders.insert(std::filesystem::path(file).parent_path());
    for (const auto& folder : folders) (void)inotify_add_watch(fd_.get(), folder.c_str(), changes);
}

void FolderWatch::clear() {
    alignas(inotify_event) std::array<char, 4096> events;
    while (fd_.get() >= 0 && ::read(fd_.get(), events.data(), events.size()) > 0) {
    }
}

}  // namespace patchpipe
