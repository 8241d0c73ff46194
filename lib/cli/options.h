// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The command line of a tool: each option declared once with its target, its range and its help.
// Parsing does not print, exit or touch a file.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace patchpipe {

/// Parsing ended with --help or --version: print the text on standard output and exit with 0.
struct JustPrint {
    std::string text;
};

class CommandLine {
 public:
    /// synopsis is what follows the tool's name in the usage line; about is one sentence; example
    /// is one command line.
    CommandLine(std::string_view tool, std::string_view synopsis, std::string_view about,
                std::string_view example);

    /// names is "long" or "s,long"; argument is the value's name in the help. parse() sets the
    /// targets, which must live until it has returned.
    void flag(std::string_view names, bool& target, std::string_view help);
    void text(std::string_view names, std::string_view argument, std::string& target,
              std::string_view help);
    void text(std::string_view names, std::string_view argument, std::optional<std::string>& target,
              std::string_view help);
    /// May be given several times; values are gathered in order.
    void texts(std::string_view names, std::string_view argument, std::vector<std::string>& target,
               std::string_view help);
    /// Refuses a value that is not a decimal number or is outside min..max.
    void number(std::string_view names, std::string_view argument, double& target, double min,
                double max, std::string_view help);
    void number(std::string_view names, std::string_view argument, std::optional<double>& target,
                double min, double max, std::string_view help);
    /// The same for a whole number.
    void whole_number(std::string_view names, std::string_view argument,
                      std::optional<std::int64_t>& target, std::int64_t min, std::int64_t max,
                      std::string_view help);
    /// Refuses a value that is not among the choices.
    void choice(std::string_view names, std::string& target,
                const std::vector<std::string>& choices, std::string_view help);

    /// A choice as "--option=value"; "--option" alone is the first of the choices.
    void optional_choice(std::string_view names, std::string& target,
                         const std::vector<std::string>& choices, std::string_view help);

    /// The operands in order ("--" ends the options). Throws JustPrint, or UsageError for an
    /// unknown option, a missing or wrong value, and an option given twice.
    [[nodiscard]] std::vector<std::string> parse(int argc, char** argv);

    /// The text of --help: the usage line, one sentence, an example, and a line for each option.
    [[nodiscard]] std::string help() const;

 private:
    struct Option {
        std::string names, argument, help;
        bool repeats;
        std::function<void(const std::string&)> take;
        std::optional<std::string> alone = {};  // the value if the option is given without one
    };

    void declare(std::string_view names, std::string_view argument, std::string_view help,
                 std::function<void(const std::string&)> take, bool repeats = false);
    void take(const std::string& name, const std::string& value);

    std::string tool_, synopsis_, about_, example_;
    std::vector<Option> options_;
};

}  // namespace patchpipe
