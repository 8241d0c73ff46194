// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Turns preset files into other containers of the same state: one file, several into a bank, or
// those of a stream of records.

#include <sys/stat.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "base/number.h"
#include "base/utf8.h"
#include "base/words.h"
#include "cli/options.h"
#include "cli/tool.h"
#include "convert/convert_preset.h"
#include "convert/convert_records.h"
#include "file/absolute.h"
#include "file/output.h"
#include "file/read_file.h"
#include "preset/fxp.h"
#include "record/filter.h"
#include "record/record_loop.h"
#include "serum/serum.h"

using namespace patchpipe;

namespace {

struct Options {
    Conversion conversion;
    std::optional<std::string> output, preset_dir, state_dir, controller, info;
    std::optional<std::int64_t> current;
    std::vector<std::string> files;

    [[nodiscard]] bool reads_records() const { return preset_dir || state_dir; }
};

// The options as they are given.
struct Given {
    std::string to, from;
    std::optional<std::string> program, plugin_id, name, class_id;
    std::optional<std::int64_t> plugin_version, count;
};

void refuse_unless(bool given, bool fits, std::string_view option, std::string_view why) {
    if (given && !fits) throw UsageError("--" + std::string(option) + ": " + std::string(why));
}

// An option that could not have an effect is a slip.
void check_combination(const Options& options, const Given& given) {
    const auto& to = given.to;
    const bool raw = given.from == "raw", vst2 = to == "fxp" || to == "fxb";
    const bool filter = options.reads_records();
    refuse_unless(given.plugin_id || given.plugin_version || given.count, raw && vst2, "plugin-id",
                  "the header's fields are for --from raw and --to fxp or fxb");
    refuse_unless(given.name.has_value(), raw && to == "fxp", "name",
                  "is for --from raw and --to fxp");
    refuse_unless(given.class_id.has_value(), to == "vstpreset", "class-id",
                  "is for --to vstpreset");
    refuse_unless(given.program.has_value(), to == "fxp" && !raw, "program",
                  "is for a bank and --to fxp");
    refuse_unless(options.current.has_value(), to == "fxb" && !raw, "current",
                  "is for programs and --to fxb");
    refuse_unless(options.controller || options.info, !vst2 && !filter,
                  options.controller ? "controller" : "info", "is for one preset of a VST3");
    refuse_unless(options.preset_dir.has_value(), to == "fxp" || to == "vstpreset", "preset-dir",
                  "is for --to fxp and --to vstpreset");
    refuse_unless(options.state_dir.has_value(), to == "state", "state-dir", "is for --to state");
    refuse_unless(options.output.has_value(), !filter, "output", "a folder is given already");
}

void check_operands(const Options& options, const std::string& to) {
    const auto count = options.files.size();
    const bool bank = to == "fxb" && !options.conversion.from_raw;
    if (options.reads_records()) return;
    if (count == 0)
        throw UsageError("name a FILE, - for standard input, or a folder for a stream of records");
    if (count > 1 && !bank)
        throw UsageError(
            "takes one FILE; --to fxb puts several programs into a bank, and "
            "--preset-dir or --state-dir converts many");
    if (std::count(options.files.begin(), options.files.end(), "-") > 1)
        throw UsageError("-: given twice; standard input can be read once");
}

std::uint32_t plugin_id_of(const std::string& text) {
    constexpr std::size_t digits = 8;
    const bool is_number = text.starts_with("0x") && text.size() <= 2 + digits;
    if (is_number)
        if (const auto number = parse_whole<std::uint32_t>(text.substr(2), 16)) return *number;
    if (is_number || text.size() != sizeof(std::uint32_t))
        throw UsageError(
            "--plugin-id: must be four characters, or 0x and up to eight hexadecimal "
            "digits, is '" +
            printable(text) + "'");
    std::uint32_t id = 0;
    for (const unsigned char c : text) id = id << 8 | c;
    return id;
}

std::string program_name_of(const std::string& text) {
    constexpr std::size_t most = 27;  // the field has a NUL behind it
    if (text.size() <= most && is_utf8(text) && text.find('\0') == text.npos) return text;
    throw UsageError("--name: must be UTF-8 of at most " + std::to_string(most) + " bytes, is " +
                     std::to_string(text.size()));
}

std::string class_id_of(const std::string& text) {
    constexpr std::size_t digits = 32;
    const auto is_digit = [](unsigned char c) { return std::isxdigit(c) != 0; };
    if (text.size() == digits && std::all_of(text.begin(), text.end(), is_digit)) return text;
    throw UsageError("--class-id: must be " + std::to_string(digits) +
                     " hexadecimal digits, as plugin-probe prints them");
}

ProgramChoice program_of(const std::string& text) {
    if (const auto number = parse_whole<std::int64_t>(text); number && *number >= 0)
        return {.number = number};
    return {.name = text};
}

void take_into(const Given& given, Options& options) {
    auto& conversion = options.conversion;
    auto& header = conversion.header;
    conversion.to = *preset_form_named(given.to);
    conversion.from_raw = given.from == "raw";
    if (given.program) conversion.program = program_of(*given.program);
    if (given.plugin_id) header.plugin_id = plugin_id_of(*given.plugin_id);
    header.plugin_version = static_cast<std::uint32_t>(given.plugin_version.value_or(0));
    header.count = static_cast<std::uint32_t>(given.count.value_or(0));
    if (given.name) header.name = program_name_of(*given.name);
    if (given.class_id) header.class_id = class_id_of(*given.class_id);
}

Options parse_options(int argc, char** argv) {
    constexpr std::int64_t greatest = std::numeric_limits<std::uint32_t>::max();
    Options options;
    Given given;
    CommandLine line("preset-convert", "--to FORM [OPTION]... FILE... | --to FORM --preset-dir DIR",
                     "Turns presets into other containers of the same state, without a plug-in.",
                     "preset-convert --to fxp --program 7 -o Bass.fxp Factory.fxb");
    line.choice("t,to", given.to, {"fxp", "fxb", "vstpreset", "state", "raw"}, "the form to make");
    line.choice("from", given.from, {"raw"}, "the input is a plug-in's bare state");
    line.text("o,output", "OUT", options.output, "the file to write; default standard output");
    line.text("preset-dir", "DIR", options.preset_dir,
              "filter records: write presets to DIR, set preset_path");
    line.text("state-dir", "DIR", options.state_dir,
              "filter records: write states to DIR, set state_path");
    line.text("program", "PROGRAM", given.program,
              "of a bank: its number from 0, or its name; default all of a record's");
    line.whole_number("current", "NUMBER", options.current, 0, greatest,
                      "the program that a new bank says is selected");
    line.text("plugin-id", "ID", given.plugin_id, "of a VST2: four characters, or 0x616d7379");
    line.whole_number("plugin-version", "NUMBER", given.plugin_version, 0, greatest,
                      "of a VST2, in its header; default 0");
    line.whole_number("count", "NUMBER", given.count, 0, greatest,
                      "parameters of a VST2, in its header; default 0");
    line.text("name", "NAME", given.name, "the program's, in its header");
    line.text("class-id", "ID", given.class_id, "of a VST3: 32 hexadecimal digits");
    line.text("controller", "FILE", options.controller,
              "the controller's state: put in, or with --to raw written");
    line.text("info", "FILE", options.info,
              "the XML of a vstpreset: put in, or taken out and written");
    line.flag("lossy", options.conversion.lossy, "leave out what the new form has no place for");
    options.files = line.parse(argc, argv);
    if (given.to.empty()) throw UsageError("--to FORM is missing: fxp, fxb, vstpreset, state, raw");
    take_into(given, options);
    check_combination(options, given);
    check_operands(options, given.to);
    return options;
}

std::string read_operand(const std::string& file) { return read_input(file, largest_serum_file); }

// Before anything is written over it.
void check_files(const Options& options) {
    const std::optional<std::string> outputs[] = {options.output, options.controller, options.info};
    for (const auto& file : options.files)
        for (const auto& output : outputs)
            if (output) refuse_input_as_output(output, file);
    const auto& [out, controller, info] = outputs;
    if ((controller && controller == info) || (out && (out == controller || out == info)))
        throw UsageError("one file is named for two things; name another");
}

void write_part(const std::optional<std::string>& path, const std::optional<std::string>& part,
                const std::string& input, const std::string& what) {
    if (!path) return;
    if (!part) throw Error(ErrorKind::unsupported, input, "has no " + what + " to be written");
    write_output(path, *part);
}

ExitStatus convert_file(const Options& options) {
    const auto& file = options.files.front();
    auto conversion = options.conversion;
    const bool raw = conversion.to == PresetForm::raw;
    const bool preset = conversion.to == PresetForm::vstpreset;
    conversion.takes_controller = raw && options.controller;
    conversion.takes_info = !preset && options.info;
    if (!raw && options.controller) conversion.controller = read_operand(*options.controller);
    if (preset && options.info) conversion.info = read_operand(*options.info);
    const auto name = input_name(file);
    const auto converted = convert_preset(read_operand(file), name, conversion);
    if (raw) write_part(options.controller, converted.controller, name, "state of the controller");
    if (!preset) write_part(options.info, converted.info, name, "metadata");
    write_output(options.output, converted.bytes);
    return ExitStatus::ok;
}

ExitStatus build_bank_of(const Options& options) {
    std::vector<NamedPreset> presets;
    std::size_t size = 0;
    for (const auto& file : options.files) {
        presets.emplace_back(read_operand(file), input_name(file));
        size += presets.back().first.size();
        if (size > largest_serum_file)
            throw Error(ErrorKind::unsupported, presets.back().second,
                        "brings the bank to more than " + std::to_string(largest_serum_file) +
                            " bytes; leave out some programs");
    }
    std::optional<std::uint32_t> current;
    if (options.current) current = static_cast<std::uint32_t>(*options.current);
    const auto bank = build_bank(presets, current, options.conversion.lossy);
    if (bank.has_states)
        warn("the programs hold states, and many hosts read only banks of parameters");
    write_output(options.output, bank.bytes);
    return ExitStatus::ok;
}

// Before any work starts. A file that exists but cannot be read gets its error in its record.
void require_files(const std::vector<std::string>& files) {
    for (const auto& file : files) {
        struct stat info {};
        if (::stat(file.c_str(), &info) != 0 && (errno == ENOENT || errno == ENOTDIR))
            throw UsageError(printable(file) + ": there is no such file");
    }
}

std::string made_folder(std::string_view option, const std::string& given) {
    if (given.empty())
        throw UsageError(std::string(option) + ": is empty; write . for this folder");
    auto folder = output_folder(option, given);
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error || ::access(folder.c_str(), W_OK | X_OK) != 0)
        throw UsageError(std::string(option) + ": " + folder +
                         ": cannot write there: " + system_message(error ? error.value() : errno));
    return folder;
}

ExitStatus convert_records(const Options& options) {
    require_files(options.files);
    const auto folder = options.preset_dir ? made_folder("--preset-dir", *options.preset_dir)
                                           : made_folder("--state-dir", *options.state_dir);
    RecordConverter converter(options.conversion, folder);
    if (options.files.empty())
        return filter([&](Record& record, RecordWriter& out) {
            for (const auto& one : converter.convert(record)) out.write(one);
        });
    std::vector<std::string> paths;
    for (const auto& file : options.files) paths.push_back(absolute_path(file));
    RecordWriter out(STDOUT_FILENO);
    const auto convert = [&](Record& record) {
        auto records = converter.convert(record);
        record = std::move(records.back());  // take_operands() writes this one
        records.pop_back();
        for (const auto& one : records) out.write(one);
    };
    const bool all = take_operands(
        paths, "preset_path", "file", convert, [&](const Record& record) { out.write(record); },
        warn);
    out.flush();
    return all ? out.status() : ExitStatus::some_failed;
}

ExitStatus run(int argc, char** argv) {
    const auto options = parse_options(argc, argv);
    if (options.reads_records()) return convert_records(options);
    check_files(options);
    refuse_terminal(options.output, "--to " + std::string(to_string(options.conversion.to)));
    const bool bank = options.conversion.to == PresetForm::fxb && !options.conversion.from_raw;
    return bank ? build_bank_of(options) : convert_file(options);
}

}  // namespace

int main(int argc, char** argv) {
    return run_tool("preset-convert", [&] { return run(argc, argv); });
}
