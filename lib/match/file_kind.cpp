// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "match/file_kind.h"

#include "names/characters.h"

namespace patchpipe {
namespace {

struct KnownSuffix {
    std::string_view suffix;
    FileKind kind;
};

constexpr KnownSuffix known_suffixes[] = {
    {".wav", FileKind::audio},  {".wave", FileKind::audio}, {".bwf", FileKind::audio},
    {".rf64", FileKind::audio}, {".w64", FileKind::audio},  {".aif", FileKind::audio},
    {".aiff", FileKind::audio}, {".aifc", FileKind::audio}, {".flac", FileKind::audio},
    {".ogg", FileKind::audio},  {".oga", FileKind::audio},  {".opus", FileKind::audio},
    {".mp3", FileKind::audio},  {".m4a", FileKind::audio},  {".aac", FileKind::audio},
    {".wv", FileKind::audio},   {".caf", FileKind::audio},  {".au", FileKind::audio},
    {".snd", FileKind::audio},  {".npy", FileKind::audio},  {".rex", FileKind::audio},
    {".rx2", FileKind::audio},  {".mid", FileKind::midi},   {".midi", FileKind::midi},
    {".kar", FileKind::midi},   {".mp4", FileKind::video},  {".mov", FileKind::video},
    {".webm", FileKind::video}, {".mkv", FileKind::video},  {".avi", FileKind::video},
    {".png", FileKind::image},  {".jpg", FileKind::image},  {".jpeg", FileKind::image},
    {".bmp", FileKind::image},  {".gif", FileKind::image},
};

}  // namespace

NameParts name_parts(std::string_view name) {
    const auto dot = name.rfind('.');
    if (dot == name.npos || dot == 0) return {name, {}};
    return {name.substr(0, dot), name.substr(dot)};
}

FileKind kind_of_suffix(std::string_view suffix) {
    const auto lower = lower_ascii(suffix);
    for (const auto& known : known_suffixes)
        if (known.suffix == lower) return known.kind;
    return FileKind::other;
}

std::string_view foreign_file_name(std::string_view path) {
    const auto slash = path.find_last_of("/\\");
    auto name = slash == path.npos ? path : path.substr(slash + 1);
    const bool drive = name.size() > 1 && name[1] == ':' && is_alphanumeric(name[0]);
    if (drive) name.remove_prefix(2);
    return name;
}

}  // namespace patchpipe
