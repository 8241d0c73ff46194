// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Turns a Serum 2 preset into the plug-in's state, or into JSON. With --state-dir it is a filter
// that writes the states of the records' presets.

#include <unistd.h>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/md5.h"
#include "catalog/detect.h"
#include "cli/options.h"
#include "cli/tool.h"
#include "file/absolute.h"
#include "file/output.h"
#include "file/read_file.h"
#include "file/whole_file.h"
#include "preset/juce_state.h"
#include "record/filter.h"
#include "record/record_stream.h"
#include "serum/serum.h"
#include "serum/serum_document.h"

using namespace patchpipe;

namespace {

struct Options {
    std::string to = "state";
    std::optional<std::string> file, output, state_dir;
    SerumVersions versions;
};

void check_combination(const Options& options, std::size_t operands) {
    if (options.state_dir) {
        if (operands > 0)
            throw UsageError("--state-dir: reads records from standard input and takes no FILE");
        if (options.to != "state" || options.output)
            throw UsageError("--state-dir: writes states into its folder; leave out --to and -o");
        if (options.state_dir->empty())
            throw UsageError("--state-dir: is empty; write --state-dir . for this one");
    } else if (operands != 1) {
        throw UsageError(operands == 0 ? "name a FILE, - for standard input, or --state-dir DIR"
                                       : "takes one FILE; --state-dir converts many");
    }
}

Options parse_options(int argc, char** argv) {
    Options options;
    CommandLine line("serum-unwrap", "[--to FORM] [-o OUT] FILE | --state-dir DIR",
                     "Turns Serum 2 presets into states that the plug-in loads, or into JSON.",
                     "serum-unwrap --to json Bass.SerumPreset | jq .metadata.presetAuthor");
    line.choice("t,to", options.to, {"state", "component", "cbor", "json", "metadata"},
                "what to give; default state");
    line.text("o,output", "OUT", options.output, "the file to write; default standard output");
    line.text("state-dir", "DIR", options.state_dir,
              "filter records: write states to DIR, add state_path");
    line.text("product-version", "VERSION", options.versions.product,
              "the Serum of the state; default the preset's own");
    line.number("format-version", "NUMBER", options.versions.format, 0, 1e6,
                "the version of the state; default the preset's own");
    const auto operands = line.parse(argc, argv);
    check_combination(options, operands.size());
    if (!operands.empty()) options.file = operands.front();
    const bool keeps_versions = options.to == "json" || options.to == "metadata";
    if (keeps_versions && (options.versions.product || options.versions.format))
        throw UsageError("--to " + options.to +
                         ": prints what is there; leave out --product-version and "
                         "--format-version");
    check_serum_versions(options.versions);
    return options;
}

std::string to_state(std::string_view bytes, const std::string& name,
                     const SerumVersions& versions) {
    return build_juce_state({serum_preset_to_component(bytes, name, versions), {}});
}

std::string to_bytes(const Options& options, std::string_view bytes, const std::string& name) {
    if (options.to == "cbor") return serum_preset_to_processor(bytes, name, options.versions).cbor;
    if (options.to == "component") return serum_preset_to_component(bytes, name, options.versions);
    return to_state(bytes, name, options.versions);
}

SerumDocument read_document(const std::string& file) {
    const auto bytes = read_input(file, largest_serum_file);
    auto document = parse_serum_document(bytes, input_name(file));
    check_serum_json_size(document, bytes.size(), input_name(file));
    return document;
}

void write_json(const Options& options, const SerumDocument& document) {
    Output output(options.output);
    serum_document_to_json(document, [&](std::string_view part) { output.write(part); });
    output.write("\n");
    output.commit();
}

std::string read_metadata(const std::string& file) {
    constexpr std::size_t usual_head = 4096;
    const auto head =
        read_file_head(input_path(file), usual_head, serum_metadata_extent, Accept::anything);
    return parse_serum_metadata(head, input_name(file));
}

ExitStatus unwrap_file(const Options& options) {
    const auto& file = *options.file;
    refuse_input_as_output(options.output, file);
    if (options.to == "metadata") {
        write_output(options.output, read_metadata(file) + "\n");
    } else if (options.to == "json") {
        write_json(options, read_document(file));
    } else {
        refuse_terminal(options.output, "--to " + options.to);
        const auto bytes = read_input(file, largest_serum_file);
        write_output(options.output, to_bytes(options, bytes, input_name(file)));
    }
    return ExitStatus::ok;
}

// Writes states for a stream of records. Only the last preset is remembered: after job-grid the
// records of one preset follow each other.
class StateFilter {
 public:
    explicit StateFilter(const Options& options)
        : folder_(output_folder("--state-dir", *options.state_dir)), versions_(options.versions) {
        std::error_code error;
        std::filesystem::create_directories(folder_, error);
        if (error || ::access(folder_.c_str(), W_OK | X_OK) != 0)
            throw UsageError("--state-dir: " + folder_ + ": cannot write there: " +
                             system_message(error ? error.value() : errno));
    }

    void filter(Record& record, RecordWriter& out) {
        const auto preset = record.path("preset_path");
        if (preset && !record.raw("state_path")) {
            if (records_) refuse_as_file(*records_, "preset_path", *preset);
            if (is_serum_preset(record, *preset)) record.set("state_path", state_of(*preset));
        }
        out.write(record);
    }

 private:
    // By the record, else by content. Whatever else may be wrong with the file is not ours to say.
    static bool is_serum_preset(const Record& record, const std::string& preset) {
        if (record.text("preset_format") == "serum2") return true;
        try {
            return detect_preset_file(preset) == "serum2";
        } catch (const Error&) {
            return false;
        }
    }

    const std::string& state_of(const std::string& preset) {
        if (preset == last_preset_) return last_state_;
        const auto bytes = read_file(preset, largest_serum_file);
        const auto state = to_state(bytes, preset, versions_);
        const auto path = folder_ + "/" + state_name(bytes) + ".state";
        write_whole_file(path, state);
        last_state_ = path;
        last_preset_ = preset;
        return last_state_;
    }

    // Of the preset's content and all else that the state depends on, and not of where the preset
    // is. No product version holds a NUL, and none that is given is empty.
    [[nodiscard]] std::string state_name(const std::string& bytes) const {
        const auto format = versions_.format ? json_number(*versions_.format) : "";
        return md5_hex(md5_hex(bytes) + '\0' + versions_.product.value_or("") + '\0' + format +
                       '\0' + json_number(std::int64_t{serum_rules_version}));
    }

    const std::optional<struct stat> records_ = stream_of_records();
    std::string folder_, last_preset_, last_state_;
    SerumVersions versions_;
};

ExitStatus run(int argc, char** argv) {
    const auto options = parse_options(argc, argv);
    if (!options.state_dir) return unwrap_file(options);
    StateFilter states(options);
    return filter([&](Record& record, RecordWriter& out) { states.filter(record, out); });
}

}  // namespace

int main(int argc, char** argv) {
    return run_tool("serum-unwrap", [&] { return run(argc, argv); });
}
