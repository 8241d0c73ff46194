// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Writes jobs with random values of a plug-in's parameters.

#include <regex.h>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/words.h"
#include "cli/options.h"
#include "cli/tool.h"
#include "file/absolute.h"
#include "record/filter.h"
#include "sampling/draws.h"
#include "sampling/parameter_space.h"

using namespace patchpipe;

namespace {

// A POSIX extended regular expression, which does not depend on the locale.
class Pattern {
 public:
    Pattern(const std::string& option, const std::string& text) : regex_(new regex_t) {
        if (const int error = regcomp(regex_.get(), text.c_str(), REG_EXTENDED | REG_NOSUB)) {
            std::string why(regerror(error, regex_.get(), nullptr, 0), '\0');
            regerror(error, regex_.get(), why.data(), why.size());
            why.pop_back();
            delete regex_.release();  // it is not compiled, so regfree() must not see it
            throw UsageError(option + ": '" + text + "' is not a regular expression: " + why);
        }
    }

    [[nodiscard]] bool matches(std::string_view text) const {
        regmatch_t whole{.rm_so = 0, .rm_eo = static_cast<regoff_t>(text.size())};
        return regexec(regex_.get(), text.data(), 1, &whole, REG_STARTEND) == 0;
    }

 private:
    struct Free {
        void operator()(regex_t* regex) const {
            regfree(regex);
            delete regex;
        }
    };
    std::unique_ptr<regex_t, Free> regex_;
};

struct Options {
    std::uint64_t count = 1, seed = 0;
    SamplingMethod method = SamplingMethod::uniform;
    SpaceSettings space;
};

std::vector<Pattern> patterns(const std::string& option, const std::vector<std::string>& texts) {
    std::vector<Pattern> patterns;
    for (const auto& text : texts) patterns.emplace_back(option, text);
    return patterns;
}

// Only what is in --only, if it is given, and not in --except.
auto chooser(const std::vector<std::string>& only, const std::vector<std::string>& except) {
    struct Lists {
        std::vector<Pattern> only, except;
    };
    auto lists = std::make_shared<const Lists>(
        Lists{patterns("--only", only), patterns("--except", except)});
    return [lists](std::string_view name, std::string_view key) {
        const auto any = [&](const std::vector<Pattern>& list) {
            for (const auto& pattern : list)
                if (pattern.matches(name) || pattern.matches(key)) return true;
            return false;
        };
        return (lists->only.empty() || any(lists->only)) && !any(lists->except);
    };
}

Options parse_options(int argc, char** argv) {
    constexpr std::int64_t most_jobs = 999'999'999, most_seed = (std::int64_t{1} << 53) - 1;
    std::optional<std::int64_t> count, seed;
    std::string method = "uniform";
    std::vector<std::string> only, except;
    Options options;
    CommandLine line(
        "preset-random", "[OPTION]...",
        "Writes jobs with random values of the parameters of every record on standard "
        "input,\nwhich are plugin-probe's or those of another job.",
        "plugin-probe --parameters P | preset-random --count 100 --except 'Volume|Mix'");
    line.whole_number("n,count", "N", count, 1, most_jobs, "jobs for each record (default 1)");
    line.whole_number("seed", "N", seed, 0, most_seed,
                      "another seed gives other values (default 0)");
    line.choice("method", method, {"uniform", "lhs"},
                "how values are drawn; lhs is a Latin hypercube");
    line.number("near", "SPREAD", options.space.spread, 0, 1,
                "draw within SPREAD of the present values");
    line.texts("only", "REGEX", only, "vary the parameters whose names match; repeatable");
    line.texts("except", "REGEX", except, "leave alone those whose names match; repeatable");
    line.flag("all", options.space.all, "vary the bypass too, and what a host must not automate");
    if (!line.parse(argc, argv).empty())
        throw UsageError("takes no operands; it reads records from standard input");
    options.count = static_cast<std::uint64_t>(count.value_or(1));
    options.seed = static_cast<std::uint64_t>(seed.value_or(0));
    if (method == "lhs") options.method = SamplingMethod::latin_hypercube;
    if (method == "lhs" && options.count > Draws::most_strata)
        throw UsageError("--method lhs: takes up to " + std::to_string(Draws::most_strata) +
                         " jobs; give a smaller --count, or --method uniform");
    options.space.chosen = chooser(only, except);
    return options;
}

// What plugin-probe says of the plug-in and no job needs.
constexpr std::string_view probe_fields[] = {
    "plugin_format", "name",        "vendor",     "version",         "plugin_id",
    "is_instrument", "channels",    "inputs",     "latency_frames",  "program_count",
    "has_state",     "binary_hash", "load_ms",    "parameter_count", "programs",
    "certify",       "verdict",     "repeatable", "sandbox",         "status"};

// How the names of the jobs begin.
std::string stem_of(const Record& record, bool is_probe) {
    if (const auto stem = record.text("filename_stem")) return *stem;
    if (is_probe)
        if (const auto name = record.text("name"); name && !name->empty()) return *name;
    const auto path = record.text("plugin_path").value_or("");
    const auto file = file_name(path);
    const auto stem = file.substr(0, file.rfind('.'));
    return stem.empty() ? "random" : std::string(stem);
}

// The number with at least six digits, so that names sort.
std::string numbered(const std::string& stem, std::uint64_t job) {
    constexpr std::size_t digits = 6;
    const auto number = std::to_string(job);
    const std::string zeros(number.size() < digits ? digits - number.size() : 0, '0');
    return stem + "_" + zeros + number;
}

// The record as all its jobs have it.
Record job_frame(const Options& options, const Record& record, bool is_probe) {
    Record frame = record;
    frame.set_json("parameters", "{}");
    if (is_probe)
        for (const auto key : probe_fields) frame.remove(key);
    frame.remove("output_path");  // it is another job's
    frame.set("random_seed", options.seed);
    return frame;
}

void write_jobs(const Options& options, std::uint32_t number, const Record& record,
                RecordWriter& out) {
    const ParameterSpace space(record, options.space);
    const Draws draws(options.method, options.seed, options.count);
    const auto stem = stem_of(record, space.is_listed());
    const auto frame = job_frame(options, record, space.is_listed());
    for (std::uint64_t job = 0; job < options.count; ++job) {
        Record one = frame;
        one.set_json("parameters", space.json(draws, job, number));
        one.set("random_index", job);
        one.set("filename_stem", numbered(stem, job));
        out.write(one);
    }
}

ExitStatus run(int argc, char** argv) {
    const auto options = parse_options(argc, argv);
    std::uint32_t number = 0;
    return filter(
        [&](Record& record, RecordWriter& out) { write_jobs(options, number++, record, out); });
}

}  // namespace

int main(int argc, char** argv) {
    return run_tool("preset-random", [&] { return run(argc, argv); });
}
