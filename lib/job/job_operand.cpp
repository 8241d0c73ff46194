// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "job/job_operand.h"

#include <algorithm>
#include <filesystem>

#include "base/error.h"
#include "base/hex.h"
#include "base/words.h"
#include "catalog/preset_formats.h"
#include "names/characters.h"

namespace patchpipe {
namespace {

// As bash writes what single quotes cannot show.
std::string shell_escaped(const std::string& text) {
    std::string escaped = "$'";
    for (const char c : text) {
        if (c == '\'' || c == '\\') escaped += '\\';
        if (c >= ' ' && c < 0x7f)
            escaped += c;
        else
            escaped += "\\x" + to_hex(static_cast<unsigned char>(c), 2);
    }
    return escaped + "'";
}

// The word that the shell makes this text of, and no program takes for an option.
std::string shell_word(const std::string& path) {
    const auto text = (path.starts_with('-') ? "./" : "") + path;
    if (printable(text) != text) return shell_escaped(text);
    const bool plain = std::all_of(text.begin(), text.end(), [](char c) {
        return is_alphanumeric(c) || std::string_view("_-./,:+@%").find(c) != std::string::npos;
    });
    if (plain) return text;
    std::string quoted = "'";
    for (const char c : text) quoted += c == '\'' ? "'\\''" : std::string(1, c);
    return quoted + "'";
}

}  // namespace

void refuse_file_as_job(const std::string& operand) {
    if (operand.starts_with('{')) return;
    std::error_code unknown;
    const bool folder = std::filesystem::is_directory(operand, unknown);
    const bool preset = preset_format(operand).has_value();
    if (!preset && !std::filesystem::exists(operand, unknown)) return;
    const auto name = shell_word(operand);
    const std::string kind = folder ? "folder" : preset ? "preset" : "file";
    throw UsageError(operand + ": is a " + kind + ", and a job is a JSON object; try: " +
                     (kind == "file"
                          ? "render-one ... < " + name
                          : "preset-scan " + name + " | assign-paths -o out | render-one ..."));
}

}  // namespace patchpipe
