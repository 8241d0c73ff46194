// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Finds presets by the names of files and writes a record for each.

#include <sys/stat.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/json.h"
#include "base/utf8.h"
#include "base/words.h"
#include "catalog/discover.h"
#include "catalog/lv2_record.h"
#include "catalog/metadata.h"
#include "catalog/preset_formats.h"
#include "cli/options.h"
#include "cli/tool.h"
#include "file/absolute.h"
#include "file/output.h"
#include "lv2/lv2_presets.h"
#include "record/filter.h"

using namespace patchpipe;

namespace {

struct Options {
    std::vector<std::string> paths;
    bool not_recursive = false, follow_links = false, meta = false, programs = false;
    bool formats = false;
};

Options parse_options(int argc, char** argv) {
    Options options;
    CommandLine line("preset-scan", "[--meta] [--programs] [-L] [--no-recursive] PATH...",
                     "Finds presets by their names and writes one record for each.",
                     "preset-scan presets | job-grid --note 36,60 | assign-paths -o out");
    line.flag("meta", options.meta, "read the headers: name, author, tags and plug-in");
    line.flag("programs", options.programs, "a record for each program of a bank");
    line.flag("L,follow", options.follow_links, "enter the folders that links lead to, each once");
    line.flag("no-recursive", options.not_recursive, "leave out the folders within a folder");
    line.flag("formats", options.formats, "list the formats of presets instead");
    options.paths = line.parse(argc, argv);
    if (options.formats && !options.paths.empty()) throw UsageError("--formats: takes no operands");
    if (options.formats) return options;
    if (options.paths.empty())
        throw UsageError("name a preset, a folder, or - to read paths from standard input");
    const auto lists = std::count(options.paths.begin(), options.paths.end(), "-");
    if (lists > 1) throw UsageError("-: given twice; standard input can be read once");
    if (lists == 1) (void)input_path("-");  // refuses a terminal
    return options;
}

// What the scan has come to so far.
struct Scan {
    const Options& options;
    RecordWriter out{STDOUT_FILENO};
    std::int64_t found = 0;
    std::int64_t passed_over = 0;
};

void pass_over(Scan& scan, const Error& error) {
    warn(error.what());
    ++scan.passed_over;
}

bool is_folder(const std::string& path) {
    struct stat status;
    return ::stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
}

// Why there is nothing to scan; nothing if there is.
std::optional<Error> objection(const std::string& given) {
    const auto object = [&](ErrorKind kind, const std::string& why) {
        return std::optional<Error>(std::in_place, kind, given, why);
    };
    if (given.find('\0') != given.npos)
        return object(ErrorKind::bad_record, "paths end in newlines or in NULs, not in both");
    // Asks about the path that the record will have: the system may resolve "link/.." differently.
    const auto path = absolute_path(given);
    struct stat status;
    if (given.empty() || ::stat(path.c_str(), &status) != 0)
        return given.empty() || errno == ENOENT
                   ? object(ErrorKind::not_found, "no such file or folder")
                   : object(ErrorKind::io, system_message(errno));
    if (S_ISDIR(status.st_mode)) {
        if (::access(path.c_str(), R_OK | X_OK) == 0) return {};
        return object(ErrorKind::io, system_message(errno));
    }
    if (!S_ISREG(status.st_mode))
        return object(ErrorKind::unsupported, "neither a file nor a folder");
    if (preset_format(path)) return {};
    return object(ErrorKind::unsupported,
                  "not the name of a preset; those end in " + preset_suffix_list());
}

// Makes it an error record if the file cannot be read.
void add_metadata(Record& record, const std::string& path) try {
    const auto metadata = read_metadata(path);
    std::vector<std::string> tags;
    for (const auto& tag : metadata.tags) tags.push_back(json_text(tag));
    if (metadata.name) record.set("preset_name", *metadata.name);
    if (metadata.author) record.set("preset_author", *metadata.author);
    if (!tags.empty()) record.set_json("tags", "[" + joined(tags, ",") + "]");
    if (metadata.plugin_id) record.set("plugin_id", *metadata.plugin_id);
    if (metadata.format == "pluginstate") {
        std::vector<std::string> values;
        for (const auto& [id, value] : metadata.values)
            values.push_back("\"" + std::to_string(id) + "\":" + json_number(value));
        record.set_json("values", "{" + joined(values, ",") + "}");
    }
} catch (const Error& error) {
    record.set_error(error);
}

// The presets of an LV2 bundle, sorted by file.
void write_lv2_presets(Scan& scan, std::vector<Lv2Preset> presets, const std::string& root) {
    std::stable_sort(presets.begin(), presets.end(),
                     [](const auto& a, const auto& b) { return a.path < b.path; });
    for (const auto& preset : presets) {
        if (!is_utf8(preset.path)) {
            pass_over(scan, not_utf8(preset.path));
            continue;
        }
        ++scan.found;
        auto record = lv2_record(preset);
        if (!root.empty()) record.set("presets_root", root);
        scan.out.write(record);
    }
}

void scan_manifest(Scan& scan, const std::string& manifest, const std::string& root) try {
    write_lv2_presets(scan, lv2_presets_in(manifest), root);
} catch (const Error& error) {
    pass_over(scan, error);
}

void scan_turtle(Scan& scan, const std::string& path) try {
    auto presets = lv2_presets_of_file(path);
    if (presets.empty())
        throw Error(ErrorKind::unsupported, path,
                    "describes no LV2 preset; name a file that does, or the bundle's folder");
    write_lv2_presets(scan, std::move(presets), "");
} catch (const Error& error) {
    pass_over(scan, error);
}

// A record for each program of a bank, or one with the error.
void write_programs(Scan& scan, const Record& bank, const std::string& path) {
    std::vector<ListedProgram> programs;
    try {
        programs = read_bank_programs(path);
    } catch (const Error& error) {
        auto record = bank;
        record.set_error(error);
        return scan.out.write(record);
    }
    for (std::size_t i = 0; i < programs.size(); ++i) {
        auto record = bank;
        record.set("program", i);
        if (!programs[i].name.empty()) record.set("preset_name", programs[i].name);
        if (scan.options.meta) record.set("plugin_id", programs[i].plugin_id);
        scan.out.write(record);
    }
}

void write_record(Scan& scan, const std::string& path, std::string_view format,
                  const std::string& root) {
    ++scan.found;
    const bool is_plugin = format_named(format)->is_plugin;
    auto line = (is_plugin ? "{\"plugin_path\":" : "{\"preset_path\":") + json_text(path) +
                ",\"preset_format\":" + json_text(format);
    if (!root.empty()) line += ",\"presets_root\":" + json_text(root);
    line += "}";
    const bool take_apart = scan.options.programs && format == "fxb";
    if (is_plugin || (!scan.options.meta && !take_apart)) return scan.out.lines().write(line);
    Record record(line);
    if (take_apart) return write_programs(scan, record, path);
    add_metadata(record, path);
    scan.out.write(record);
}

void scan_path(Scan& scan, const std::string& given) {
    const auto path = absolute_path(given);
    if (!is_utf8(path)) return pass_over(scan, not_utf8(path));
    const auto named = preset_format(path).value_or("");
    if (!is_folder(path))
        return named == "lv2" ? scan_turtle(scan, path) : write_record(scan, path, named, "");
    const auto before = scan.found + scan.passed_over;
    const ScanEvents events = {.found =
                                   [&](const std::string& preset, std::string_view format) {
                                       if (format == "lv2")
                                           return scan_manifest(scan, preset, path);
                                       write_record(scan, preset, format, path);
                                   },
                               .failed = [&](const Error& error) { pass_over(scan, error); }};
    const WalkDepth depth = {.recursive = !scan.options.not_recursive,
                             .follow_links = scan.options.follow_links};
    scan_folder(path, depth, events);
    if (scan.found + scan.passed_over == before) warn(printable(given) + ": no presets in it");
}

void scan_list(Scan& scan) {
    LineReader list(STDIN_FILENO, scan.out.lines());
    list.detect_nul();
    bool first = true;
    while (const auto line = list.next()) {
        const std::string path(std::exchange(first, false) ? without_byte_order_mark(*line)
                                                           : *line);
        if (path.empty()) continue;
        if (const auto error = objection(path))
            pass_over(scan, *error);
        else
            scan_path(scan, path);
    }
}

ExitStatus list_formats() {
    RecordWriter out(STDOUT_FILENO);
    for (const auto& format : preset_formats()) {
        if (format.suffix.empty()) continue;
        Record record("{}");
        record.set("preset_format", format.name);
        record.set("suffix", format.suffix);
        if (!format.player.empty()) record.set("plugin_format", format.player);
        out.write(record);
    }
    out.flush();
    return out.status();
}

ExitStatus run(int argc, char** argv) {
    const auto options = parse_options(argc, argv);
    if (options.formats) return list_formats();
    for (const auto& path : options.paths)
        if (path != "-")
            if (const auto error = objection(path)) throw UsageError(error->what());
    Scan scan{options};
    for (const auto& path : options.paths) path == "-" ? scan_list(scan) : scan_path(scan, path);
    scan.out.flush();
    return scan.passed_over > 0 ? ExitStatus::some_failed : scan.out.status();
}

}  // namespace

int main(int argc, char** argv) {
    return run_tool("preset-scan", [&] { return run(argc, argv); });
}
