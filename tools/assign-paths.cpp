// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Adds an output_path to every record, unique within the stream.

#include <optional>
#include <string>

#include "audio/audio_format.h"
#include "base/json.h"
#include "cli/options.h"
#include "cli/tool.h"
#include "file/absolute.h"
#include "names/foreign_names.h"
#include "names/name_template.h"
#include "names/unique_paths.h"
#include "record/filter.h"
#include "record/settings.h"

using namespace patchpipe;

namespace {

struct Options {
    std::string folder;  // absolute, with a slash at the end
    NameTemplate name;
    Alphabet alphabet = Alphabet::ascii;
    std::optional<ForeignNames> foreign;
};

std::string checked_folder(const std::optional<std::string>& given) {
    if (!given) throw UsageError("-o DIR is missing: the folder for the paths");
    if (given->empty()) throw UsageError("-o: is empty; write -o . for this one");
    const auto folder = output_folder("-o", *given);
    return folder == "/" ? folder : folder + "/";
}

ForeignNames foreign_names(const std::string& program) {
    if (program == "vst-render") return ForeignNames::vst_render;
    if (program == "serum-render") return ForeignNames::serum_render;
    throw UsageError("--names: must be vst-render or serum-render, is '" + program + "'");
}

Options parse_options(int argc, char** argv) {
    std::optional<std::string> folder, name, filename, program;
    bool unicode = false;
    CommandLine line("assign-paths", "-o DIR [--template T] [--unicode | --names PROGRAM]",
                     "Adds an output_path to every record, unique within the stream.",
                     "preset-scan presets | assign-paths -o out --template '{subdir}/{preset}'");
    line.text("o,output-dir", "DIR", folder, "folder that the paths lie in; it is not created");
    line.text("t,template", "T", name, "name: " + placeholder_list());
    line.text("filename-template", "T", filename, "the same as --template");
    line.flag("u,unicode", unicode, "keep the letters of every script, not only A-Z a-z 0-9 _ -");
    line.text("names", "PROGRAM", program, "name files as vst-render or serum-render does");
    if (!line.parse(argc, argv).empty())
        throw UsageError("takes no operands; it reads records from standard input");

    if (name && filename)
        throw UsageError("--template and --filename-template are one option; give it once");
    if (filename) name = filename;
    if (unicode && program) throw UsageError("--unicode and --names exclude each other");
    return {.folder = checked_folder(folder),
            .name = NameTemplate(name.value_or("{preset}")),
            .alphabet = unicode ? Alphabet::unicode : Alphabet::ascii,
            .foreign = program ? std::optional(foreign_names(*program)) : std::nullopt};
}

// The path within the folder, without its extension.
std::string wanted_path(const Options& options, const Record& record, std::size_t index) {
    if (const auto stem = record.text("filename_stem"))
        return sanitised_or_hash(*stem, options.alphabet, "preset");
    if (options.foreign) return foreign_name(options.name, record, *options.foreign, index);
    return options.name.expand(record, options.alphabet);
}

// The paths that no later record may get.
struct Taken {
    UniquePaths paths;
    std::optional<ForeignPaths> foreign;
};

void assign(const Options& options, Taken& taken, std::size_t index, Record& record,
            RecordWriter& out) {
    const auto container = container_named(text_setting(record, "format"));
    const auto extension = "." + std::string(suffix_of(container));
    const auto wanted = wanted_path(options, record, index);
    const auto path =
        taken.foreign ? taken.foreign->claim(wanted) : taken.paths.claim(wanted, extension);
    record.set("output_path", options.folder + path + extension);
    record.set("filename_stem", file_name(path));
    out.write(record);
}

ExitStatus run(int argc, char** argv) {
    const auto options = parse_options(argc, argv);
    Taken taken;
    if (options.foreign) taken.foreign.emplace(*options.foreign);
    std::size_t index = 0;
    return filter(
        [&](Record& record, RecordWriter& out) { assign(options, taken, index++, record, out); });
}

}  // namespace

int main(int argc, char** argv) {
    return run_tool("assign-paths", [&] { return run(argc, argv); });
}
