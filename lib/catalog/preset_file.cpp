// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "catalog/preset_file.h"

#include <sys/stat.h>
#include <limits>
#include <utility>

#include "base/error.h"
#include "catalog/detect.h"
#include "file/content_hash.h"
#include "file/nameless_file.h"
#include "file/offset.h"
#include "file/read_file.h"
#include "lv2/lv2_presets.h"
#include "preset/fxb.h"
#include "serum/serum.h"

namespace patchpipe {
namespace {

// Serum's, with samples in them, are the largest.
constexpr std::size_t largest_preset = largest_serum_file;

bool is_regular(const std::string& path) {
    struct stat status;
    return ::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode);
}

// What a preset says, and what is in the files that it refers to, samples for instance.
std::string hash_of(const Lv2PresetState& preset) {
    constexpr auto any_size = std::numeric_limits<std::size_t>::max();
    ContentHash hash;
    hash.add(preset.identity);
    for (const auto& file : preset.files)
        if (is_regular(file)) hash.add(file_hash(file, any_size));
    return hash.text();
}

std::string format_of(const std::string& path, const PresetChoice& choice) {
    auto format = detect_preset_file(path);
    if (format.empty()) throw Error(ErrorKind::corrupt, path, "is not a preset of a known format");
    check_is_preset(format, path, choice.program.has_value());
    return format;
}

// The fxp of one of its programs, or all of a bank that only its plug-in can take apart.
std::string read_bank(const std::string& path, const ProgramChoice& choice) {
    auto bytes = read_file(path, largest_preset);
    const auto bank = parse_fxb(bytes, path);
    if (bank.header.kind == FxKind::bank_state) return bytes;
    const auto number =
        choice.number ? *choice.number
                      : static_cast<std::int64_t>(bank_program_named(bank, choice.name, path));
    return std::string(bank_program(bank, number, path));
}

Descriptor file_of(std::string_view bytes) {
    auto file = nameless_file();
    write_at(file.get(), 0, bytes, temporary_root());
    return file;
}

}  // namespace

PresetFile open_preset_file(const std::string& path, const PresetChoice& choice) {
    const auto format = format_of(path, choice);
    if (format == "lv2") return {format, file_of(read_lv2_preset(path, choice.uri).turtle)};
    if (format == "fxb") return {format, file_of(read_bank(path, *choice.program))};
    return {format, open_file(path)};
}

PresetIdentity identify_preset(const std::string& path, const PresetChoice& choice) {
    const auto format = format_of(path, choice);
    if (format == "fxb") return {format, content_hash(read_bank(path, *choice.program)), {}};
    if (format != "lv2") return {format, file_hash(path, largest_preset), {}};
    auto preset = read_lv2_preset(path, choice.uri);
    return {format, hash_of(preset), std::move(preset.plugins)};
}

}  // namespace patchpipe
