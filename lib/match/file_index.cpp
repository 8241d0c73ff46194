// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "match/file_index.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <numeric>

#include "base/error.h"
#include "file/absolute.h"
#include "names/characters.h"

namespace patchpipe {

void FileIndex::add(const std::string& path) {
    if (files_.size() == std::numeric_limits<File>::max())
        throw Error(ErrorKind::unsupported, path,
                    "too many files are in these folders; name fewer of them");
    // Files of one folder come one after the other.
    const auto folder = folder_of(path);
    if (folders_.empty() || folders_.back() != folder) folders_.emplace_back(folder);
    const auto name = file_name(path);
    files_.push_back(
        {names_.size(), folded_.size(), static_cast<std::uint32_t>(folders_.size() - 1)});
    (names_ += name) += '\0';
    (folded_ += folded_form(name)) += '\0';
}

void FileIndex::sort() {
    order_.resize(files_.size());
    std::iota(order_.begin(), order_.end(), File{0});
    std::sort(order_.begin(), order_.end(), [&](File one, File other) {
        const int order = folded(one).compare(folded(other));
        return order != 0 ? order < 0 : one < other;
    });
}

std::string FileIndex::path(File file) const {
    return folder(file) + "/" + std::string(name(file));
}

void FileIndex::each_beginning(const std::string& text, const Use& use) const {
    auto found =
        std::lower_bound(order_.begin(), order_.end(), text,
                         [&](File file, const std::string& name) { return folded(file) < name; });
    for (; found != order_.end() && folded(*found).starts_with(text); ++found) use(*found);
}

void FileIndex::each_containing(const std::string& text, const Use& use) const {
    const auto* const end = folded_.data() + folded_.size();
    for (const auto* at = folded_.data(); at < end;) {
        const auto* const hit = static_cast<const char*>(
            ::memmem(at, static_cast<std::size_t>(end - at), text.data(), text.size()));
        if (!hit) return;
        const auto place = static_cast<std::size_t>(hit - folded_.data());
        const auto next = std::upper_bound(
            files_.begin(), files_.end(), place,
            [](std::size_t value, const Entry& one) { return value < one.folded; });
        use(static_cast<File>(next - files_.begin() - 1));
        at = next == files_.end() ? end : folded_.data() + next->folded;
    }
}

}  // namespace patchpipe
