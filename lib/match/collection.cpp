// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "match/collection.h"

#include <sys/stat.h>
#include <filesystem>
#include <limits>
#include <vector>

#include "base/error.h"
#include "base/utf8.h"
#include "file/absolute.h"
#include "file/content_hash.h"
#include "file/read_file.h"
#include "file/whole_file.h"
#include "match/file_kind.h"
#include "names/characters.h"
#include "names/sanitise.h"

namespace patchpipe {
namespace {

constexpr std::size_t any_size = std::numeric_limits<std::size_t>::max();

std::string content_key(const CollectedFile& file) {
    return std::to_string(file.bytes) + " " + file.hash;
}

// False for a link, wherever it leads.
bool is_regular(const std::string& path, struct stat& info) {
    return ::lstat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode);
}

bool exists(const std::string& path) {
    struct stat info {};
    return ::lstat(path.c_str(), &info) == 0;
}

}  // namespace

CollectedFile content_of(const std::string& path) {
    CollectedFile content;
    ContentHash hash;
    read_file_in_pieces(path, any_size, [&](std::string_view piece) {
        hash.add(piece);
        content.bytes += piece.size();
    });
    content.hash = hash.text();
    return content;
}

Collection::Collection(std::string folder) : folder_(std::move(folder)) {
    (void)names_.claim("manifest", ".json");
    std::error_code none;
    for (const auto& entry : std::filesystem::directory_iterator(folder_, none))
        if (const auto name = entry.path().filename().string(); is_utf8(name))
            present_.insert(folded_form(name));
    const auto manifest = path_of(std::string(manifest_name));
    struct stat info {};
    if (!exists(manifest)) return;
    if (!is_regular(manifest, info))
        throw Error(ErrorKind::unsupported, manifest,
                    "is a link or no file, and will not be replaced; move it away");
    take_manifest();
}

void Collection::take_manifest() {
    for (auto& entry : read_manifest(path_of(std::string(manifest_name)))) {
        if (!exists(path_of(entry.file.name))) continue;
        name_of_.try_emplace(content_key(entry.file), entry.file.name);
        entries_.try_emplace(entry.file.name, std::move(entry));
    }
}

bool Collection::holds(const CollectedFile& file) const {
    struct stat info {};
    const auto path = path_of(file.name);
    return is_regular(path, info) && static_cast<std::uint64_t>(info.st_size) == file.bytes &&
           content_of(path).hash == file.hash;
}

const CollectedFile& Collection::add(const std::string& path) {
    if (const auto known = name_from_.find(path); known != name_from_.end())
        return entries_.at(known->second).file;
    auto content = content_of(path);
    const auto key = content_key(content);
    const auto same = name_of_.find(key);
    content.name = same == name_of_.end() ? "" : same->second;
    if (content.name.empty() || !holds(content)) content.name = copy(path, content);
    name_of_[key] = name_from_[path] = content.name;
    auto& entry = entries_[content.name];
    entry.file = content;
    entry.sources.insert(path);
    return entry.file;
}

std::string Collection::copy(const std::string& path, const CollectedFile& content) {
    constexpr std::size_t longest_suffix = 16;
    auto parts = name_parts(file_name(path));
    if (parts.suffix.size() > longest_suffix) parts = {file_name(path), {}};
    const auto stem = sanitised_or_hash(parts.stem, Alphabet::unicode, "file");
    const auto safe_suffix =
        sanitised(parts.suffix.substr(parts.suffix.empty() ? 0 : 1), Alphabet::unicode);
    const auto suffix = safe_suffix.empty() ? "" : "." + safe_suffix;
    for (;;) {
        auto target = content;
        target.name = names_.claim(stem, suffix) + suffix;
        if (holds(target)) return target.name;
        if (present_.contains(folded_form(target.name)) || exists(path_of(target.name))) continue;
        WholeFile file(path_of(target.name));
        ContentHash hash;
        read_file_in_pieces(path, any_size, [&](std::string_view piece) {
            hash.add(piece);
            file.write(piece);
        });
        if (hash.text() != content.hash)
            throw Error(ErrorKind::io, path, "changed while it was copied; try again");
        file.commit();
        return target.name;
    }
}

void Collection::write_manifest() const {
    std::vector<ManifestEntry> files;
    for (const auto& entry : entries_) files.push_back(entry.second);
    write_whole_file(path_of(std::string(manifest_name)), manifest_text(files, missing_));
}

}  // namespace patchpipe
