// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "names/name_template.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/json.h"
#include "base/utf8.h"
#include "base/words.h"
#include "catalog/preset_formats.h"
#include "file/absolute.h"
#include "names/characters.h"
#include "names/sanitise.h"
#include "record/program_choice.h"
#include "record/settings.h"

namespace patchpipe {
namespace {

// Of the preset, or of a plug-in that preset-scan finds as it finds presets.
std::optional<std::string> found_path(const Record& record) {
    if (auto path = record.text("preset_path")) return path;
    auto plugin = record.text("plugin_path");
    const auto known = plugin ? preset_format(*plugin) : std::nullopt;
    return known && format_named(*known)->is_plugin ? std::move(plugin) : std::nullopt;
}

std::string format(const Record& record) {
    if (auto named = record.text("preset_format")) return std::move(*named);
    return std::string(preset_format(found_path(record).value_or("")).value_or(""));
}

// A preset of many in an LV2 bundle: its name, or else the end of its URI.
std::string lv2_stem(const Record& record, const std::string& uri) {
    if (auto name = record.text("preset_name")) return std::move(*name);
    const auto end = uri.find_last_not_of("/#");
    const auto begin = uri.find_last_of("/#:", end);
    return uri.substr(begin == uri.npos ? 0 : begin + 1, end - begin);
}

// "0007", "0007 Warm Pad", as preset-export names files; or the name that is given.
std::string program_stem(const ProgramChoice& program, const std::string& name) {
    if (!program.number) return program.name;
    const auto number = std::max<std::int64_t>(0, *program.number);
    return numbered_name(static_cast<std::size_t>(number), name);
}

std::string program(const Record& record) {
    const auto choice = program_choice(record);
    return choice ? program_stem(*choice, "") : "";
}

std::string preset_stem(const Record& record) {
    if (const auto uri = record.text("preset_uri")) return lv2_stem(record, *uri);
    auto path = found_path(record);
    const auto program = program_choice(record);
    const auto name = record.text("preset_name").value_or("");
    if (!path) return program ? program_stem(*program, name) : "init";
    const bool of_bank = program && format(record) == "fxb";
    path->erase(0, path->size() - file_name(*path).size());
    const auto dot = path->rfind('.');
    if (dot != path->npos && dot > 0) path->erase(dot);
    return of_bank ? *path + " " + program_stem(*program, name) : std::move(*path);
}

std::string folder_name(const Record& record) {
    const auto path = found_path(record).value_or("");
    return std::string(file_name(folder_of(path)));
}

std::string subdir(const Record& record) {
    const auto path = found_path(record).value_or("");
    const auto root = record.text("presets_root");
    return root ? std::string(folder_of(within(path, *root))) : "";
}

std::string subpath(const Record& record) {
    auto folders = subdir(record);
    std::replace(folders.begin(), folders.end(), '/', '_');
    return folders;
}

std::string whole_number(const Record& record, std::string_view key) {
    return json_number(static_cast<std::int64_t>(number_setting(record, key)));
}

std::string note(const Record& record) { return whole_number(record, "note"); }
std::string velocity(const Record& record) { return whole_number(record, "velocity"); }
std::string name(const Record& record) { return record.text("preset_name").value_or(""); }
std::string author(const Record& record) { return record.text("preset_author").value_or(""); }

constexpr std::array of_presets = {
    Placeholder{"preset", preset_stem, "preset"},  Placeholder{"note", note, "note"},
    Placeholder{"velocity", velocity, "velocity"}, Placeholder{"folder", folder_name, "folder"},
    Placeholder{"subpath", subpath, "folder"},     Placeholder{"subdir", subdir, "folder", true},
    Placeholder{"name", name, "preset"},           Placeholder{"author", author, "author"},
    Placeholder{"format", format, "format"},       Placeholder{"program", program, "program"},
};

const Placeholder& find_placeholder(std::span<const Placeholder> placeholders,
                                    std::string_view name) {
    for (const auto& placeholder : placeholders)
        if (placeholder.name == name) return placeholder;
    throw UsageError("template: no placeholder {" + printable(name) +
                     "}; there are: " + placeholder_list(placeholders));
}

// Separators go away with an empty value beside them; letters and digits of a template stay.
bool is_separator(char c) { return (c & 0x80) == 0 && !is_alphanumeric(c); }

std::string_view without_leading_separators(std::string_view text) {
    return {std::find_if_not(text.begin(), text.end(), is_separator), text.end()};
}

void drop_trailing_separators(std::string& text, std::size_t from) {
    while (text.size() > from && is_separator(text.back())) text.pop_back();
}

// A folder must not have the name of another record's file, so only files may end in ".wav".
std::string folder_unlike_file(std::string_view name) {
    const auto lower = lower_ascii(name);
    for (const auto format : setting("format").choices)
        if (lower.ends_with("." + std::string(format))) return std::string(name) + "_";
    return std::string(name);
}

std::string sanitised_value(const Placeholder& placeholder, const Record& record,
                            Alphabet alphabet) {
    const auto value = placeholder.value(record);
    const auto sanitise = [&](std::string_view name) {
        return sanitised_or_hash(name, alphabet, placeholder.word);
    };
    if (placeholder.makes_folders) return each_name(value, sanitise);
    return value.empty() ? value : sanitise(value);
}

}  // namespace

std::string each_name(std::string_view path,
                      const std::function<std::string(std::string_view)>& change) {
    std::string names;
    for (std::size_t at = 0; at < path.size();) {
        const auto name = path.substr(at, path.find('/', at) - at);
        at += name.size() + 1;
        const auto changed = name.empty() ? "" : change(name);
        if (!changed.empty()) names += (names.empty() ? "" : "/") + changed;
    }
    return names;
}

std::span<const Placeholder> preset_placeholders() { return of_presets; }

NameTemplate::NameTemplate(std::string_view text, std::span<const Placeholder> placeholders)
    : placeholders_(placeholders) {
    if (!is_utf8(text)) throw UsageError("template: '" + printable(text) + "' is not UTF-8");
    if (text.starts_with('/')) throw UsageError("template: must not start with '/'; -o sets where");
    for (std::size_t at = 0; at <= text.size();) {
        const auto component = text.substr(at, text.find('/', at) - at);
        if (component.empty() || component == "." || component == "..")
            throw UsageError(
                "template: '" + printable(text) +
                "' has an empty, '.' or '..' component; name each folder and the file");
        folders_.push_back(parse_component(component));
        at += component.size() + 1;
    }
    file_ = std::move(folders_.back());
    folders_.pop_back();
}

NameTemplate::Component NameTemplate::parse_component(std::string_view text) const {
    Component parts;
    while (!text.empty()) {
        const auto brace = std::min(text.find_first_of("{}"), text.size());
        if (brace > 0) parts.push_back({std::string(text.substr(0, brace)), nullptr});
        text.remove_prefix(brace);
        if (text.empty()) break;
        const auto close = text.find('}');
        if (text.front() == '}' || close == text.npos)
            throw UsageError(
                "template: '" + printable(text) +
                "' has a brace without its pair; there are: " + placeholder_list(placeholders_));
        parts.push_back({"", &find_placeholder(placeholders_, text.substr(1, close - 1))});
        text.remove_prefix(close + 1);
    }
    return parts;
}

std::string NameTemplate::expand_component(const Component& parts, const Record& record,
                                           Alphabet alphabet) {
    if (parts.size() == 1 && parts[0].placeholder)
        return sanitised_value(*parts[0].placeholder, record, alphabet);
    std::string text;
    std::size_t literal_begin = 0;  // where the literal at the end of text begins
    bool gap = false;               // an empty value comes before all text
    for (const auto& [literal, placeholder] : parts) {
        if (!placeholder) {
            literal_begin = text.size();
            text += gap && text.empty() ? without_leading_separators(literal) : literal;
            continue;
        }
        const auto value = sanitised_value(*placeholder, record, alphabet);
        if (value.empty()) {
            drop_trailing_separators(text, literal_begin);
            gap = true;
        }
        text += value;
        literal_begin = text.size();
    }
    return each_name(text, [&](std::string_view name) { return sanitised(name, alphabet); });
}

std::string NameTemplate::expand(const Record& record, Alphabet alphabet) const {
    std::string path;
    for (const auto& folder : folders_) {
        const auto names = expand_component(folder, record, alphabet);
        if (!names.empty()) path += each_name(names, folder_unlike_file) + "/";
    }
    const auto file = expand_component(file_, record, alphabet);
    if (const auto folders = folder_of(file); !folders.empty())
        path += each_name(folders, folder_unlike_file) + "/";
    if (!file.empty()) return path.append(file_name(file));
    const auto& instead = placeholders_.front();
    return path + sanitised_or_hash(instead.value(record), alphabet, instead.word);
}

std::string NameTemplate::filled(
    const std::function<std::string(const Placeholder&)>& value) const {
    std::string text;
    const auto append = [&](const Component& parts) {
        for (const auto& [literal, placeholder] : parts)
            text += placeholder ? value(*placeholder) : literal;
    };
    for (const auto& folder : folders_) {
        append(folder);
        text += '/';
    }
    append(file_);
    return text;
}

std::string placeholder_list(std::span<const Placeholder> placeholders) {
    std::vector<std::string> names;
    for (const auto& placeholder : placeholders)
        names.push_back("{" + std::string(placeholder.name) + "}");
    return joined(names, " ");
}

}  // namespace patchpipe
