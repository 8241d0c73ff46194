// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "file/absolute.h"

#include <cstring>
#include <filesystem>

#include "base/error.h"
#include "base/utf8.h"
#include "base/words.h"

namespace patchpipe {

std::string working_folder() {
    std::error_code failed;
    const auto here = std::filesystem::current_path(failed);
    if (failed) throw Error(ErrorKind::io, "the working directory", failed.message());
    return here;
}

std::string absolute_path(std::string_view path) {
    std::filesystem::path whole(path);
    if (whole.is_relative()) whole = working_folder() / whole;
    auto text = whole.lexically_normal().string();
    if (text.size() > 1 && text.back() == '/') text.pop_back();
    return text;
}

std::string output_folder(std::string_view option, std::string_view path) {
    auto folder = absolute_path(path);
    if (!is_utf8(folder))
        throw UsageError(std::string(option) + ": '" + printable(folder) +
                         "' is not UTF-8, which JSON requires; name another folder");
    return folder;
}

std::string_view file_name(std::string_view path) {
    if (path.empty()) return path;  // it may have no data, which memrchr must not get
    const auto* const slash = static_cast<const char*>(::memrchr(path.data(), '/', path.size()));
    return slash ? std::string_view(slash + 1, path.data() + path.size()) : path;
}

std::string_view folder_of(std::string_view path) {
    const auto slash = path.rfind('/');
    return slash == path.npos ? std::string_view{} : path.substr(0, slash);
}

std::string parent_folder(std::string_view path) {
    if (path.find('/') == path.npos) return ".";
    const auto folder = folder_of(path);
    return folder.empty() ? "/" : std::string(folder);
}

std::string_view within(std::string_view path, std::string_view folder) {
    while (!folder.empty() && folder.back() == '/') folder.remove_suffix(1);
    if (!path.starts_with(folder) || path.substr(folder.size(), 1) != "/") return {};
    return path.substr(folder.size() + 1);
}

}  // namespace patchpipe
