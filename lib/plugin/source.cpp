// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plugin/source.h"

#include <sys/stat.h>
#include <algorithm>

#include "file/absolute.h"
#include "file/content_hash.h"

namespace patchpipe {
namespace {

std::string hash_of_file(const std::string& path) {
    constexpr std::size_t largest = std::size_t{4} << 30;
    return file_hash(path, largest);
}

}  // namespace

std::string binary_hash(const Source& source) { return hash_of_file(source.files.front()); }

std::string source_hash(const Source& source) {
    auto hash = binary_hash(source);
    if (source.files.size() > 1) {
        for (std::size_t i = 1; i < source.files.size(); ++i) hash += hash_of_file(source.files[i]);
        hash = content_hash(hash);
    }
    return source.part.empty() ? hash : hash + " " + source.part;
}

bool carries_code(const Source& source) {
    return std::any_of(source.files.begin(), source.files.end(), [](const std::string& path) {
        return file_name(path).starts_with("patchpipe-shell");
    });
}

SourceState::SourceState(const Source& source) {
    for (const auto& path : source.files) {
        struct stat info {};
        if (stat(path.c_str(), &info) != 0) info = {};
        files_.push_back({.device = info.st_dev,
                          .inode = info.st_ino,
                          .size = static_cast<std::uint64_t>(info.st_size),
                          .modified_s = info.st_mtim.tv_sec,
                          .modified_ns = info.st_mtim.tv_nsec,
                          .changed_s = info.st_ctim.tv_sec,
                          .changed_ns = info.st_ctim.tv_nsec});
    }
}

std::string SourceState::text() const {
    std::string text;
    for (const auto& file : files_) {
        for (const auto number : {file.device, file.inode, file.size})
            text += std::to_string(number) + " ";
        for (const auto number :
             {file.modified_s, file.modified_ns, file.changed_s, file.changed_ns})
            text += std::to_string(number) + " ";
    }
    return text;
}

}  // namespace patchpipe
