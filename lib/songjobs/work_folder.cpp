// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "songjobs/work_folder.h"

#include <algorithm>

#include "base/error.h"
#include "file/content_hash.h"
#include "file/read_file.h"
#include "file/whole_file.h"

namespace patchpipe {
namespace {

// Also for make, which knows few other characters.
bool is_plain(const std::string& id) {
    constexpr std::size_t longest = 64;
    return !id.empty() && id.size() <= longest && id.front() != '.' &&
           std::all_of(id.begin(), id.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '.' || c == '_' || c == '-';
           });
}

bool has_bytes(const std::string& file, std::string_view bytes) try {
    return read_file(file, bytes.size()) == bytes;
} catch (const Error&) {
    return false;
}

}  // namespace

std::string WorkFolder::file(std::string_view folder, const std::string& id,
                             std::string_view suffix) const {
    const auto hash = content_hash(id);
    return path_ + "/" + std::string(folder) + "/" +
           (is_plain(id) ? id : hash.substr(hash.find(':') + 1)) + std::string(suffix);
}

void WorkFolder::keep(const std::string& file, std::string_view bytes) {
    if (!has_bytes(file, bytes)) write_whole_file(file, bytes);
}

}  // namespace patchpipe
